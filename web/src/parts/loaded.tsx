/** A part of a page that is loaded when it is first shown. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/**
 * @param load the part's component; the same function each time.
 * @param props what it is shown with.
 */
export function Loaded<P extends object>(props: {
  readonly load: () => Promise<ComponentType<P>>;
  readonly props: P;
}) {
  const { load } = props;
  const [Shown, setShown] = useState<ComponentType<P>>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    load()
      .then((component) => setShown(() => component))
      .catch((error: unknown) => setProblem(`this page does not load: ${String(error)}`));
  }, [load]);
  if (problem !== undefined) return <p role="alert">{problem}</p>;
  return Shown === undefined ? null : <Shown {...props.props} />;
}

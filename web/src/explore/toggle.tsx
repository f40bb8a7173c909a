/** A button that is on or off. */
export function Toggle(props: {
  readonly label: string;
  readonly title?: string;
  readonly on: boolean;
  readonly flip: () => void;
}) {
  return (
    <button type="button" aria-pressed={props.on} title={props.title} onClick={props.flip}>
      {props.label}
    </button>
  );
}

/** What is wrong with a field, in one sentence beneath it. */
export function ProblemText(props: { readonly id: string; readonly message: string | undefined }) {
  if (props.message === undefined) return null;
  return (
    <p id={props.id} role="alert" class="beside">
      {props.message}
    </p>
  );
}

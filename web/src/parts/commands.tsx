/** Commands to be copied into a terminal, one a line. */
export function Commands({ lines }: { readonly lines: readonly string[] }) {
  return (
    <pre class="commands">
      <code>{lines.map((line) => `npx holdfast ${line}\n`).join('')}</code>
    </pre>
  );
}

/** Chooses a file of the reader's, compressed or not. */
interface Props {
  readonly label: string;
  readonly open: (file: File) => void;
  readonly class?: string;
}

export function FileField({ label, open, class: className }: Props) {
  return (
    <label class={className}>
      {label}{' '}
      <input
        type="file"
        accept=".json,.gz,application/json"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file !== undefined) open(file);
          // The same file, written again, can be chosen again.
          currentTarget.value = '';
        }}
      />
    </label>
  );
}

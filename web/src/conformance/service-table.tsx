/** Servers beside their models: how much was compared, and what differed. */
import { count, plural } from '../../../src/story/words.js';
import type { ServiceReport } from '../../../src/timeline/conformance/document.js';

export function ServiceTable({ services }: { readonly services: readonly ServiceReport[] }) {
  return (
    <div class="services">
      <h3>Servers beside their models</h3>
      <p>
        Generated sequences, played on the real server and on the simulated one: replies, errors and
        final states must be equal.
      </p>
      <section class="scroll" tabIndex={0} aria-label="Servers beside their models">
        <table>
          <thead>
            <tr>
              <th scope="col">Server</th>
              <th scope="col">Compared</th>
              <th scope="col">Sequences</th>
              <th scope="col">Divergences without a reason</th>
              <th scope="col">With a reason</th>
            </tr>
          </thead>
          <tbody>
            {services.map(({ service, server, commands, unit, sequences, divergences, named }) => (
              <tr key={service}>
                <th scope="row">{server}</th>
                <td>
                  {count(commands)} {unit}
                </td>
                <td>{count(sequences)}</td>
                <td>
                  <b class={`sign ${divergences.length === 0 ? 'holds' : 'broken'}`}>
                    {divergences.length === 0 ? '✓' : '✗'}
                  </b>{' '}
                  {count(divergences.length)}
                </td>
                <td>{named.length === 0 ? 'none' : <Reasons named={named} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Reasons({ named }: Pick<ServiceReport, 'named'>) {
  return (
    <details>
      <summary>{plural(named.length, 'kind')}</summary>
      <ul>
        {named.map(({ name, reason, sequences }) => (
          <li key={name}>
            <b>{name}</b>, in {plural(sequences, 'sequence')}: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

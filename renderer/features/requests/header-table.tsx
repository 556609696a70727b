import type { Header } from "../../../core/contract/execute.ts";

export interface HeaderTableProps {
  readonly caption: string;
  readonly headers: readonly Header[];
  /** Said beside a header, e.g. that it was not forwarded. */
  noteOf?(header: Header): string | undefined;
}

export function HeaderTable({ caption, headers, noteOf }: HeaderTableProps) {
  if (headers.length === 0) return <p className="dim">None.</p>;
  return (
    <table className="headers">
      <caption className="visually-hidden">{caption}</caption>
      <tbody>
        {headers.map((header, index) => (
          // A name may repeat and nothing is ever inserted between: the place is the identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <tr key={index}>
            <th scope="row">{header.name}</th>
            <td className="mono">
              {header.value} {noteOf && <span className="dim">{noteOf(header)}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

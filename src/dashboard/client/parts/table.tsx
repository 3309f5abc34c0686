import type { ComponentChildren } from 'preact';

/** A column: its head, and its cell of a row. */
export interface Column<T> {
  readonly head: string;
  readonly isNumber?: boolean;
  readonly cell: (row: T) => ComponentChildren;
}

/** Rows in columns that line up; it scrolls by itself where a screen is narrow. */
export function Table<T>(props: {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
}) {
  const { label, rows, columns, keyOf } = props;
  const of = (column: Column<T>): string => (column.isNumber === true ? 'number' : '');
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" class={of(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.head} class={of(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// One line of the table: what was measured, what it should be, and whether it is.

export type Figure = {
  name: string;
  /** In the unit that `show` writes. */
  value: number;
  goal: number;
  show(value: number): string;
  /** What it was measured against or under. */
  note?: string;
};

export function table(figures: Figure[]): string {
  const rows = figures.map(({ name, value, goal, show, note }) => [
    note ? `${name} (${note})` : name,
    show(value),
    `≤ ${show(goal)}`,
    value <= goal ? 'yes' : '**no**',
  ]);
  const head = ['Figure', 'Measured', 'Goal', 'Reached'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export const milliseconds = (value: number) => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
export const seconds = (value: number) => `${value.toFixed(2)} s`;
export const microseconds = (value: number) => `${Math.round(value)} µs`;
export const mebibytes = (value: number) => `${Math.round(value)} MiB`;
export const times = (value: number) => `${value.toFixed(2)}×`;
export const count = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2));
export const percent = (value: number) => `${value.toFixed(1)} %`;

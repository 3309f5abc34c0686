const WIDTH = 100;
const HEIGHT = 24;

/** Numbers over time as a small line; `label` says it in words. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const most = Math.max(1e-9, ...values);
  const points = values.map(
    (value, i) => `${(i / Math.max(1, values.length - 1)) * WIDTH},${HEIGHT - (value / most) * (HEIGHT - 2) - 1}`,
  );
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <polyline points={points.join(' ')} />
    </svg>
  );
}

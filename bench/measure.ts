/** Rounds per side of a comparison. The sides alternate, so that a change of the machine's speed affects both equally. */
const ROUNDS = 5;

/** Measured work. Runs once and returns the number of units. */
export type Work = () => Promise<number>;

/** Runs a subject and its baseline alternately. Prints the median rate of both, and their ratio. */
export async function compare(
  title: string,
  subject: Work,
  baseline: Work,
  baselineName: string,
): Promise<void> {
  await subject();
  await baseline();
  const rates: { subject: number[]; baseline: number[] } = { subject: [], baseline: [] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.subject.push(await rate(subject));
    rates.baseline.push(await rate(baseline));
  }
  const [measured, base] = [median(rates.subject), median(rates.baseline)];
  console.log(
    `${title}: ${format(measured)}; ${baselineName}: ${format(base)}; ratio ${(measured / base).toFixed(2)}`,
  );
}

async function rate(work: Work): Promise<number> {
  const start = performance.now();
  const units = await work();
  return (units * 1000) / (performance.now() - start);
}

/** Returns the median. */
export function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}

function format(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString("en")}/s`;
}

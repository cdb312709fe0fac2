// SPDX-License-Identifier: MPL-2.0
// The units of the first level as tiles, each about where it lies. It shows nothing that the table beside it does not tell.
import type { CountsRow } from "../../api/types";
import { t } from "../../words/words";
import { inTime, percentText } from "./counts";

/** Column and row of each unit, by the code of the country and of the unit; our own drawing. */
const GRIDS: Record<string, Record<string, readonly [number, number]>> = {
  khm: {
    "22": [1, 0], "13": [2, 0], "19": [3, 0], "16": [4, 0],
    "01": [0, 1], "17": [1, 1], "06": [2, 1], "10": [3, 1], "11": [4, 1],
    "24": [0, 2], "02": [1, 2], "04": [2, 2], "03": [3, 2], "25": [4, 2],
    "15": [1, 3], "05": [2, 3], "12": [3, 3], "14": [4, 3],
    "09": [1, 4], "21": [2, 4], "08": [3, 4], "20": [4, 4],
    "18": [1, 5], "07": [2, 5], "23": [3, 5],
  },
  mmr: {
    "11": [2, 0],
    "14": [0, 1], "01": [1, 1], "04": [2, 1], "17": [3, 1],
    "16": [0, 2], "03": [1, 2], "18": [2, 2], "12": [3, 2],
    "07": [1, 3], "02": [2, 3], "13": [3, 3],
    "06": [2, 4], "15": [3, 4],
    "05": [3, 5],
  },
};

const SIDE = 60, GAP = 4, COLUMNS = 5;

/** A tile for each unit; of a country that nobody drew, in the order of the list. */
function places(country: string, codes: readonly string[]): Map<string, readonly [number, number]> {
  const grid = GRIDS[country];
  if (grid) return new Map(codes.flatMap((c) => (grid[c] ? [[c, grid[c]] as const] : []))); // an office abroad lies nowhere in it
  return new Map(codes.map((c, i) => [c, [i % COLUMNS, Math.floor(i / COLUMNS)]]));
}

export const LEVELS = [90, 75, 50, 0] as const;

/** 0: nothing is told; else 1 to 4, more is better. */
export const levelOf = (percent: number | null): number => (percent === null ? 0 : 4 - LEVELS.findIndex((least) => percent >= least));

/** Signs besides the colour: the more lines, the less was registered in time. */
function Patterns() {
  return (
    <defs>
      {[1, 2, 3].map((level) => (
        <pattern key={level} id={`figures-${level}`} width={level * 5} height={level * 5} patternUnits="userSpaceOnUse">
          <path d={`M0 0L${level * 5} ${level * 5}`} class="civis-tile__line" />
        </pattern>
      ))}
    </defs>
  );
}

export function TileMap({ country, rows }: { country: string; rows: readonly CountsRow[] }) {
  const code = (row: CountsRow) => row.office.split("/").at(-1) ?? "";
  const at = places(country, rows.map(code)), all = [...at.values()];
  const width = (Math.max(...all.map(([x]) => x)) + 1) * (SIDE + GAP), height = (Math.max(...all.map(([, y]) => y)) + 1) * (SIDE + GAP);
  return (
    <svg class="civis-tiles" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("figures.map")}>
      <Patterns />
      {rows.filter((row) => at.has(code(row))).map((row) => {
        const [x, y] = at.get(code(row)) ?? [0, 0], percent = inTime(row), level = levelOf(percent);
        const box = { x: x * (SIDE + GAP) + 2, y: y * (SIDE + GAP) + 2, width: SIDE, height: SIDE, rx: 4 };
        return (
          <g key={row.office}>
            <rect {...box} class={`civis-tile civis-tile--${level}`} />
            {level > 0 && level < 4 ? <rect {...box} fill={`url(#figures-${level})`} /> : null}
            <rect x={box.x + 4} y={box.y + 8} width={SIDE - 8} height={SIDE - 16} rx={3} class="civis-tile__paper" />
            <text x={box.x + SIDE / 2} y={box.y + 27} class="civis-tile__code">{code(row)}</text>
            <text x={box.x + SIDE / 2} y={box.y + 45} class="civis-tile__value">{percentText(percent)}</text>
          </g>
        );
      })}
    </svg>
  );
}

export function Legend() {
  return (
    <ul class="govuk-list civis-legend">
      {[4, 3, 2, 1, 0].map((level) => (
        <li key={level}>
          <svg width="28" height="28" aria-hidden="true">
            <rect x="1" y="1" width="26" height="26" rx="3" class={`civis-tile civis-tile--${level}`} />
            {level > 0 && level < 4 ? <rect x="1" y="1" width="26" height="26" fill={`url(#figures-${level})`} /> : null}
          </svg>{" "}
          {t(`figures.level_${level as 0 | 1 | 2 | 3 | 4}`)}
        </li>
      ))}
    </ul>
  );
}

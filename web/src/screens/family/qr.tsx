// SPDX-License-Identifier: MPL-2.0
// A text as a QR code: a picture on the page, or drawn into another one.
import qrcode from "qrcode-generator";

interface Code {
  size: number;
  dark: (row: number, column: number) => boolean;
}

const QUIET = 4;

function code(text: string): Code {
  const qr = qrcode(0, "M");
  qr.addData(text, "Byte");
  qr.make();
  return { size: qr.getModuleCount() + 2 * QUIET, dark: (r, c) => {
    const row = r - QUIET, column = c - QUIET, n = qr.getModuleCount();
    return row >= 0 && column >= 0 && row < n && column < n && qr.isDark(row, column);
  } };
}

export function Qr({ text, label }: { text: string; label: string }) {
  const { size, dark } = code(text);
  let path = "";
  for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) if (dark(r, c)) path += `M${c} ${r}h1v1h-1z`;
  return (
    <svg class="civis-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

export function drawQr(paper: CanvasRenderingContext2D, text: string, x: number, y: number, side: number): void {
  const { size, dark } = code(text), module = Math.floor(side / size);
  paper.fillStyle = "#fff";
  paper.fillRect(x, y, side, side);
  paper.fillStyle = "#000";
  for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) if (dark(r, c)) paper.fillRect(x + c * module, y + r * module, module, module);
}

// SPDX-License-Identifier: MPL-2.0
// What a family takes along: a picture with code, secret and QR; the server's slip.
import { request } from "../../api/client";
import { inFours } from "../../base/text";
import { language, t } from "../../words/words";
import { drawQr } from "./qr";
import { trackAddress } from "./tracked";
import type { Sent } from "./draft";

export function offerFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content), link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Code, secret and QR on one picture, for the phone's album or to send to somebody. */
export async function savePicture(s: Sent): Promise<void> {
  await document.fonts.ready;
  const canvas = document.createElement("canvas"), paper = canvas.getContext("2d");
  if (!paper) return;
  canvas.width = 800;
  canvas.height = 1180;
  const font = getComputedStyle(document.body).fontFamily;
  const write = (text: string, y: number, size: number, weight = "400") => {
    paper.font = `${weight} ${size}px ${font}`;
    paper.fillText(text, 400, y, 740);
  };
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  drawQr(paper, trackAddress(s.code, s.secret), 60, 400, 680);
  paper.fillStyle = "#0b0c0c";
  paper.textAlign = "center";
  write(t("family.picture_title"), 70, 32, "700");
  write(t("family.code"), 140, 26);
  write(s.code, 200, 60, "700");
  write(t("family.secret"), 270, 26);
  const groups = inFours(s.secret).split(" ");
  write(groups.slice(0, 4).join(" "), 325, 46, "700");
  write(groups.slice(4).join(" "), 380, 46, "700");
  write(location.host, 1130, 28);
  const content = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (content) offerFile(content, `civis-${s.code}.png`);
}

type Keys = Pick<Sent, "case" | "code" | "secret">;

async function savePaper(s: Keys, paper: string, name: string): Promise<void> {
  const answer = await request(`/api/v1/cases/${s.case}/${paper}language=${language.get()}`, { secret: s.secret });
  offerFile(await answer.blob(), `${name}.pdf`);
}

export const saveSlip = (s: Keys): Promise<void> => savePaper(s, "slip.pdf?", `civis-${s.code}`);

/** What was decided, in writing. */
export const saveDecision = (s: Keys, version: number): Promise<void> =>
  savePaper(s, `decision.pdf?version=${version}&`, `civis-${s.code}-${version}`);

// SPDX-License-Identifier: MPL-2.0
declare module "myanmar-tools" {
  export class ZawgyiDetector {
    /** 0 to 1; -Infinity where nothing tells. */
    getZawgyiProbability(text: string): number;
  }
  export class ZawgyiConverter {
    zawgyiToUnicode(text: string): string;
  }
}

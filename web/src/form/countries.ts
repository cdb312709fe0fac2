// SPDX-License-Identifier: MPL-2.0
// Countries by their two letters (ISO 3166-1), named as far as the browser can: Chromium names none in Khmer or Burmese, so the
// neighbours, where most births abroad are, are named here, and the others stand in English.
import type { Language } from "../words/words";

export const COUNTRY_CODES: readonly string[] = ("AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH " +
  "CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR " +
  "IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI " +
  "NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT " +
  "TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW").split(" ");

const NEAR: Record<"km" | "my", Record<string, string>> = {
  km: { KH: "កម្ពុជា", TH: "ថៃ", VN: "វៀតណាម", LA: "ឡាវ", MM: "មីយ៉ាន់ម៉ា", MY: "ម៉ាឡេស៊ី", SG: "សិង្ហបុរី", CN: "ចិន", KR: "កូរ៉េខាងត្បូង", JP: "ជប៉ុន", US: "សហរដ្ឋអាមេរិក", FR: "បារាំង", AU: "អូស្ត្រាលី", ID: "ឥណ្ឌូនេស៊ី", PH: "ហ្វីលីពីន", IN: "ឥណ្ឌា" },
  my: { KH: "ကမ္ဘောဒီးယား", TH: "ထိုင်း", VN: "ဗီယက်နမ်", LA: "လာအို", MM: "မြန်မာ", MY: "မလေးရှား", SG: "စင်ကာပူ", CN: "တရုတ်", KR: "တောင်ကိုရီးယား", JP: "ဂျပန်", US: "အမေရိကန်ပြည်ထောင်စု", FR: "ပြင်သစ်", AU: "ဩစတြေးလျ", ID: "အင်ဒိုနီးရှား", PH: "ဖိလစ်ပိုင်", IN: "အိန္ဒိယ" },
};

export function countryName(code: string, language: Language): string {
  const near = language === "en" ? undefined : NEAR[language][code];
  return near ?? new Intl.DisplayNames(["en"], { type: "region" }).of(code) ?? code;
}

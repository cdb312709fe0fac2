// SPDX-License-Identifier: MPL-2.0
// validate.mjs FILE: is this a valid OpenAPI 3.1 description? By an implementation that knows nothing of civis.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const validator = new Validator();
const result = await validator.validate(JSON.parse(readFileSync(process.argv[2], "utf8")));
if (!result.valid) {
  console.error(JSON.stringify(result.errors, null, 1));
  process.exit(1);
}
console.log(`OpenAPI ${validator.version}`);

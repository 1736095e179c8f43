// Validates every AsyncAPI document of a folder with the official parser, and each example against its own schema; then breaks
// a document to see that this is noticed.
//
//     node asyncapi.mjs FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Parser } from "@asyncapi/parser";
import Ajv from "ajv";
import formats from "ajv-formats";
import yaml from "js-yaml";
import { check, verdict } from "./verdict.mjs";

const folder = process.argv[2];
const parser = new Parser();
const severities = ["error", "warning", "information", "hint"];

async function complaints(text) {
  const { diagnostics } = await parser.parse(text);
  // 3.0 is what more tools read.
  const known = (d) => d.code === "asyncapi-latest-version";
  return diagnostics.filter((d) => !known(d)).map((d) => `${severities[d.severity]} ${d.code} at ${d.path.join(".")}: ${d.message}`);
}

// Draft-07 with formats. The formats of Rust's integers say nothing about JSON.
function validator(document) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  formats(ajv);
  for (const format of ["uint", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"]) ajv.addFormat(format, true);
  return (schema, value) => {
    const validate = ajv.compile({ ...schema, components: document.components });
    return validate(value) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
  };
}

let examples = 0;
const names = readdirSync(folder).filter((name) => /\.asyncapi\.(yaml|json)$/.test(name)).sort();
check("there are documents", names.length > 0);
for (const name of names) {
  const text = readFileSync(join(folder, name), "utf8");
  const found = await complaints(text);
  check(name, found.length === 0, found.join("\n  "));
  if (!name.endsWith(".json")) continue;

  const document = JSON.parse(text);
  const yamlName = name.replace(/json$/, "yaml");
  const same = yaml.load(readFileSync(join(folder, yamlName), "utf8"), { schema: yaml.JSON_SCHEMA });
  check(`${yamlName} says the same as ${name}`, isDeepStrictEqual(same, document));

  const errors = validator(document);
  for (const [key, message] of Object.entries(document.components.messages)) {
    for (const example of message.examples ?? []) {
      examples += 1;
      check(`${name}: the payload of ${key}`, errors(message.payload, example.payload).length === 0, errors(message.payload, example.payload).join("\n  "));
      check(`${name}: the headers of ${key}`, errors(message.headers, example.headers).length === 0, errors(message.headers, example.headers).join("\n  "));
      const others = Object.entries(document.components.messages).filter(([other, { payload, headers }]) =>
        other !== key && errors(payload, example.payload).length === 0 && errors(headers, example.headers).length === 0);
      check(`${name}: the example of ${key} is of no other message`, others.length === 0, others.map(([other]) => other).join());
    }
  }
}
check("there are examples", examples > 0);

// Seen to fail.
const whole = JSON.parse(readFileSync(join(folder, names.find((name) => name.endsWith(".json"))), "utf8"));
const broken = async (what, change) => {
  const document = structuredClone(whole);
  change(document, Object.values(document.components.messages)[0]);
  const found = await complaints(JSON.stringify(document));
  check(`notices ${what}`, found.some((line) => /^(error|warning)/.test(line)), found.join("\n  "));
};
await broken("a misspelt binding of a message", (_, message) => { message.bindings.kafka.keys = message.bindings.kafka.key; });
await broken("a misspelt binding of a channel", (document) => { Object.values(document.channels)[0].bindings.kafka.partition = 3; });
await broken("a dangling reference to a schema", (_, message) => { message.payload = { $ref: "#/components/schemas/Missing" }; });
await broken("a dangling reference to a message", (document) => { Object.values(document.operations)[0].messages[0].$ref += "Missing"; });
const message = Object.values(whole.components.messages)[0];
const example = structuredClone(message.examples[0].payload);
delete example.event_id;
// The parser does not compare examples with schemas in 3.0; `validator` does.
check("notices an example without `event_id`", validator(whole)(message.payload, example).length > 0);

verdict();

// Generates TypeScript and Java from the schemas of the events, compiles them, and lets a program in each read the examples.
//
//     node languages.mjs FOLDER        reads FOLDER/schemas/<feature>.<Event>.json and FOLDER/examples/, writes FOLDER/languages
//
// Java is generated for all events of an entity at once, since they share the types of `data`; TypeScript for each event alone.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";
import { InputData, JSONSchemaInput, quicktypeMultiFile } from "quicktype-core";
import { check, verdict } from "./verdict.mjs";

const folder = process.argv[2];
const here = dirname(fileURLToPath(import.meta.url));
const out = join(folder, "languages");
const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const run = (command, ...args) => {
  try {
    return { output: execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }), ok: true };
  } catch (error) {
    return { output: `${error.stdout ?? ""}${error.stderr ?? ""}` || String(error), ok: false };
  }
};

const entities = new Map();
for (const file of readdirSync(join(folder, "schemas")).sort()) {
  const [feature, event] = file.split(".");
  const schema = JSON.parse(readFileSync(join(folder, "schemas", file), "utf8"));
  const example = join(folder, "examples", file);
  entities.set(feature, [...(entities.get(feature) ?? []), { event, schema, example: existsSync(example) ? readFileSync(example, "utf8") : undefined }]);
}
check("there are schemas", entities.size > 0);

// What a name should not look like: numbered, or made of the place where it was found.
const isOdd = (name) => /\d$|Class$|Element$|Union$|Purple|Fluffy|Tentacled|^(EventType|Version|Data|OldData)$/.test(name);

// TypeScript: a module for each event, with a use that only compiles if the example is one.
{
  const sources = join(out, "typescript");
  for (const [feature, events] of entities) {
    for (const { event, schema, example } of events) {
      const code = await compile(structuredClone(schema), event, { bannerComment: "", additionalProperties: true, unknownAny: true, format: false });
      write(join(sources, feature, `${event}.ts`), code);
      const names = [...code.matchAll(/^export (?:interface|type|enum) (\w+)/gm)].map((match) => match[1]);
      check(`TypeScript: ${event} is named`, names[0] === event || names.includes(event), names.join(", "));
      check(`TypeScript: ${event} has good names`, names.filter(isOdd).length === 0, names.join(", "));
      if (example) {
        write(join(sources, feature, `${event}.use.ts`), `import type { ${event} } from "./${event}";\nexport const example: ${event} = ${example};\nexport const type: "${event}" = example.event_type;\n`);
      }
    }
  }
  write(join(sources, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, target: "es2022", module: "es2022", moduleResolution: "bundler", types: [] }, include: ["**/*.ts"] }));
  const { ok, output } = run(process.execPath, join(here, "node_modules/typescript/bin/tsc"), "-p", sources);
  check("TypeScript compiles", ok, output.slice(0, 3000));
}

// Java: a package for each entity, and a program that reads every example and writes it again.
{
  const libs = join(folder, "../java-libs");
  if (!existsSync(libs)) {
    const { ok, output } = run("mvn", "-q", "-B", "--color", "never", "-f", join(here, "java/pom.xml"), "dependency:copy-dependencies", `-DoutputDirectory=${libs}`);
    check("Maven fetches Jackson", ok, output);
  }
  const sources = join(out, "java");
  const files = [];
  for (const [feature, events] of entities) {
    const input = new JSONSchemaInput(undefined);
    for (const { event, schema } of events) await input.addSource({ name: event, schema: JSON.stringify(schema) });
    const inputData = new InputData();
    inputData.addInput(input);
    const rendered = await quicktypeMultiFile({ inputData, lang: "java", rendererOptions: { package: `events.${feature}` } });
    const names = [];
    for (const [name, { lines }] of rendered) {
      const path = join(sources, "events", feature, name);
      write(path, lines.join("\n"));
      files.push(path);
      names.push(name.replace(/\.java$/, ""));
    }
    check(`Java: ${feature} has good names`, names.filter(isOdd).length === 0, names.join(", "));
    check(`Java: the events of ${feature} are named`, events.every(({ event }) => names.includes(event)), names.join(", "));
    for (const { event, example } of events.filter(({ example }) => example)) {
      const reader = events.length > 1 ? `${event}FromJsonString` : "fromJsonString";
      const writer = events.length > 1 ? `${event}ToJsonString` : "toJsonString";
      const path = join(sources, "uses", feature, `Use${event}.java`);
      write(path, `package uses.${feature};
import events.${feature}.*;
public class Use${event} {
    public static void main(String[] arguments) throws Exception {
        ${event} event = Converter.${reader}(arguments[0]);
        System.out.println(Converter.${writer}(event));
    }
}
`);
      files.push(path);
    }
  }
  const classes = join(out, "classes");
  const path = `${classes}:${libs}/*`;
  const { ok, output } = run("javac", "-nowarn", "-d", classes, "-cp", path, ...files);
  if (check("Java compiles", ok, output.slice(0, 3000))) {
    // One event for each entity: a JVM takes a second.
    for (const [feature, events] of entities) {
      const { event, example } = events.find(({ example }) => example) ?? {};
      if (!event) continue;
      const { ok, output } = run("java", "-cp", path, `uses.${feature}.Use${event}`, example);
      const written = ok && JSON.parse(output);
      check(`Java reads ${event}`, ok && written.event_id === JSON.parse(example).event_id && written.event_type === event, output);
    }
  }
}

verdict();

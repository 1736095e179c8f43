// Generates TypeScript and Java from the schemas of the events, compiles them, and lets a program in each read the examples.
//
//     node languages.mjs FOLDER        reads FOLDER/schemas/<feature>.<Event>.json, examples/ and *.schema.json, writes FOLDER/languages
//
// TypeScript is generated for each event alone, and both for all events at once.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";
import { InputData, JSONSchemaInput, quicktypeMultiFile } from "quicktype-core";
import { check, verdict } from "./verdict.mjs";

const folder = resolve(process.argv[2]);
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
// Each catalog as one schema, by the name of a package.
const wholes = readdirSync(folder).filter((file) => file.endsWith(".schema.json")).sort()
  .map((file) => [file.replace(".schema.json", "").replaceAll("-", "_"), readFileSync(join(folder, file), "utf8")]);
check("there are whole schemas", wholes.length > 0);
rmSync(out, { recursive: true, force: true });

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
  for (const [name, whole] of wholes) {
    const code = await compile(JSON.parse(whole), "Events", { bannerComment: "", additionalProperties: true, unknownAny: true, format: false });
    write(join(sources, `${name}.ts`), code);
    const names = [...code.matchAll(/^export (?:interface|type|enum) (\w+)/gm)].map((match) => match[1]);
    check(`TypeScript: all events of ${name} have good names`, names.filter(isOdd).length === 0, names.join(", "));
  }
  write(join(sources, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, target: "es2022", module: "es2022", moduleResolution: "bundler", types: [] }, include: ["**/*.ts"] }));
  const { ok, output } = run(process.execPath, join(here, "node_modules/typescript/bin/tsc"), "-p", sources);
  check("TypeScript compiles", ok, output.slice(0, 3000));
}

// Java: one package of all events, and a program that reads each example and writes it again.
{
  const libs = join(folder, "../java-libs");
  if (!existsSync(libs)) {
    const { ok, output } = run("mvn", "-q", "-B", "--color", "never", "-f", join(here, "java/pom.xml"), "dependency:copy-dependencies", `-DoutputDirectory=${libs}`);
    check("Maven fetches Jackson", ok, output);
  }
  const sources = join(out, "java");
  const files = [];
  const cases = [];
  for (const [name, whole] of wholes) {
    const input = new JSONSchemaInput(undefined);
    await input.addSource({ name: "Events", schema: whole });
    const inputData = new InputData();
    inputData.addInput(input);
    const rendered = await quicktypeMultiFile({ inputData, lang: "java", rendererOptions: { package: name } });
    const names = [];
    for (const [file, { lines }] of rendered) {
      const path = join(sources, name, file);
      write(path, lines.join("\n"));
      files.push(path);
      names.push(file.replace(/\.java$/, ""));
    }
    check(`Java: ${name} has good names`, names.filter(isOdd).length === 0, names.join(", "));
    for (const event of Object.keys(JSON.parse(whole).properties)) {
      check(`Java: ${event} is named`, names.includes(event), names.join(", "));
      cases.push(`            case "${event}" -> ${name}.Converter.toJsonString(${name}.Converter.fromJsonString("{\\"${event}\\":" + value + "}"));`);
    }
  }
  const use = join(sources, "Use.java");
  write(use, `import java.nio.file.*;
public class Use {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            String name = Path.of(file).getFileName().toString().split("\\\\.")[1];
            System.out.println(read(name, Files.readString(Path.of(file))));
        }
    }
    static String read(String name, String value) throws Exception {
        return switch (name) {
${cases.join("\n")}
            default -> throw new IllegalArgumentException(name);
        };
    }
}
`);
  const classes = join(out, "classes");
  const path = `${classes}:${libs}/*`;
  const { ok, output } = run("javac", "-nowarn", "-d", classes, "-cp", path, use, ...files);
  if (check("Java compiles", ok, output.slice(0, 3000))) {
    const inputs = readdirSync(join(folder, "examples")).sort().map((file) => join(folder, "examples", file));
    const { ok, output } = run("java", "-cp", path, "Use", ...inputs);
    check("Java reads the examples", ok, output.slice(0, 3000));
    const written = ok ? output.trim().split("\n").map((line) => Object.values(JSON.parse(line)).find((event) => event)) : [];
    inputs.forEach((file, index) => {
      const read = JSON.parse(readFileSync(file, "utf8"));
      const same = written[index]?.event_id === read.event_id && written[index]?.event_type === read.event_type
        && Object.keys(read.data).every((key) => read.data[key] === null || key in (written[index]?.data ?? {}));
      check(`Java writes ${read.event_type} again`, same, JSON.stringify(written[index]));
    });
  }
}

verdict();

// Walks through the page of the example service in headless Chromium, at both widths and in both colour schemes: creates and changes,
// takes the brokers away and brings them back, deletes; and asks axe-core. Screenshots go to FOLDER/screenshots.
//
//     node service.mjs FOLDER        CHROMIUM=/path if it is not `chromium`, SERVICE=/path if it is not in `target/debug`
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { check, verdict } from "./verdict.mjs";

const screenshots = join(process.argv[2], "screenshots");
mkdirSync(screenshots, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const chromium = process.env.CHROMIUM ?? execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
const binary = process.env.SERVICE ?? fileURLToPath(new URL("../../target/debug/catalog-service", import.meta.url));
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"] });

// A service of its own for each walk. It says where it listens.
async function serve() {
  const { DATABASE_URL, ...env } = process.env;
  const child = spawn(binary, { env: { ...env, PORT: "0", RUST_LOG: "warn" }, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("http://")) return { url: line, stop: () => { child.kill("SIGTERM"); return ended; } };
  }
  throw new Error("the service has not started");
}

async function open(url, { width, height, scheme }) {
  const page = await browser.newPage();
  const noise = [];
  page.on("console", (message) => { if (["error", "warn"].includes(message.type())) noise.push(message.text()); });
  page.on("pageerror", (error) => noise.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith(url)) noise.push(`request: ${request.url()}`); });
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(url, { waitUntil: "load" });
  return { page, noise };
}

async function walk(width, scheme) {
  const what = `${width} ${scheme}`;
  const { url, stop } = await serve();
  const { page, noise } = await open(url, { width, height: width < 500 ? 844 : 900, scheme });
  const shot = (name, fullPage = false) => page.screenshot({ path: join(screenshots, `${width}-${scheme}-${name}.png`), fullPage });
  const types = () => page.$$eval("#records > li", (all) => all.map((item) => item.dataset.type));
  const text = (selector) => page.$eval(selector, (element) => element.textContent.trim());

  // Waits until something holds; says what there is instead.
  const until = async (name, holds, argument) => {
    try {
      await page.waitForFunction(holds, { timeout: 20_000, polling: 50 }, argument);
      return check(`${what}: ${name}`, true);
    } catch {
      return check(`${what}: ${name}`, false, (await page.$eval("main", (main) => main.innerText)).slice(0, 2_000));
    }
  };
  const arrived = (...expected) => until(`arrived: ${expected.join(", ")}`,
    (expected) => [...document.querySelectorAll("#records > li")].map((item) => item.dataset.type).join() === expected, expected.toReversed().join());
  const press = (text, within = "main") => page.evaluate((text, within) => {
    const button = [...document.querySelectorAll(`${within} button`)].find((button) => (button.getAttribute("aria-label") ?? button.textContent) === text && button.checkVisibility());
    if (!button) throw new Error(`no button ${text}`);
    button.click();
  }, text, within);
  const fill = async (selector, value) => {
    await page.$eval(selector, (input) => { input.value = ""; });
    await page.type(selector, value);
  };
  const violations = async () => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`));
  };
  const accessible = async (when) => {
    const found = await violations();
    check(`${what}: axe, ${when}`, found.length === 0, found.join("\n  "));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(`${what}: no sideways scrolling, ${when}`, overflow <= 0, `${overflow} px`);
  };

  await until("it reads", () => document.getElementById("connection").textContent === "reads as they arrive" && document.getElementById("brokers").textContent === "up");
  await accessible("at first");
  await shot("empty");

  // A product, and its event as a consumer sees it.
  await fill("#new-product [name=name]", "Lamp <b>");
  await fill("#new-product [name=price]", "49");
  await press("Create");
  await arrived("ProductCreated");
  const key = await page.$eval("#products > li", (row) => row.dataset.id);
  const record = await page.$eval("#records > li", (item) => item.innerText);
  for (const part of ["int.product-update.event", key, "ce_type", "ce_correlationid", '"name": "Lamp <b>"', '"price_cents": 4900', "offset 0"]) {
    check(`${what}: the record shows ${part}`, record.includes(part), record);
  }

  // What the service refuses is said where it was asked for.
  await press("Change Lamp <b>");
  await fill("#products [name=name]", " ");
  await press("Save");
  await until("a refused name is explained", () => document.querySelector("#products .problem")?.textContent.includes("invalid `name`"));
  await accessible("with an error");
  await fill("#products [name=name]", "Desk lamp");
  await fill("#products [name=price]", "39,90");
  await press("Save");
  await arrived("ProductCreated", "ProductPriceChanged");
  check(`${what}: what has changed is shown`, (await text("#records .gist")).includes("49.00 39.90"), await text("#records .gist"));
  await fill("#new-order [name=quantity]", "2");
  await press("Order");
  await arrived("ProductCreated", "ProductPriceChanged", "OrderCreated");
  check(`${what}: the header of an order's product`, (await text("#records > li")).includes(`x-product-id${key}`));
  await press("Delete Desk lamp");
  await until("a product with orders stays", () => document.querySelector("#products .problem:not([hidden])")?.textContent.includes("has orders"));
  await shot("records", true);

  // Brokers away: requests succeed, and their events wait, in order.
  await press("Kafka", "#kafka").catch(() => page.click("#switch"));
  await until("Kafka is away", () => document.getElementById("brokers").textContent === "away");
  await fill("#new-product [name=name]", "Kettle");
  await press("Create");
  await until("the kettle is there", () => document.getElementById("products").innerText.includes("Kettle"));
  await press("One more in Ada’s order of Desk lamp");
  await until("the order is changed", () => document.getElementById("orders").innerText.includes("3 × Desk lamp"));
  await press("Delete Ada’s order of Desk lamp");
  await until("three events wait", () => document.querySelectorAll("#queue > li").length === 3 && document.getElementById("waiting").textContent === "3");
  const queue = await page.$$eval("#queue > li b", (all) => all.map((item) => item.textContent));
  check(`${what}: they wait in order`, queue.join() === "OrderDeleted,OrderUpdated,ProductCreated", queue.join());
  check(`${what}: none has arrived`, (await types()).length === 3, (await types()).join());
  await accessible("while Kafka is away");
  await shot("away");
  await shot("away-whole", true);

  // Back: each key's events arrive in order, and nothing waits.
  await page.focus("#switch");
  await page.keyboard.press("Space");
  await until("nothing waits", () => document.getElementById("waiting").textContent === "0" && document.getElementById("queue").hidden);
  await until("three more have arrived", () => document.querySelectorAll("#records > li").length === 6);
  const since = (await types()).toReversed().slice(3);
  check(`${what}: the order's in order`, since.filter((type) => type.startsWith("Order")).join() === "OrderUpdated,OrderDeleted" && since.includes("ProductCreated"), since.join());
  await press("Delete Desk lamp");
  await until("the product's end arrives", () => document.querySelector("#records > li").dataset.type === "ProductDeleted");
  await accessible("in the end");
  await shot("back");
  await shot("back-whole", true);

  // Another browser gets what was before it.
  const other = await open(url, { width, height: 844, scheme });
  await other.page.waitForFunction(() => document.querySelectorAll("#records > li").length === 7, { timeout: 10_000 });
  check(`${what}: another browser sees the same`, other.noise.length === 0, other.noise.join("\n  "));

  // It ends with both event streams open. A refused change is an answer of 4xx, which Chromium writes to its console.
  const unexpected = noise.filter((line) => !/status of 4(09|22)/.test(line));
  check(`${what}: nothing in the console, nothing loaded from elsewhere`, unexpected.length === 0, unexpected.join("\n  "));
  await other.page.close();
  await page.close();
  const code = await stop();
  check(`${what}: the service ends`, code === 0, `exit code ${code}`);
}

// By keyboard alone: every stop shows that it has the focus.
async function keyboard() {
  const { url, stop } = await serve();
  const { page } = await open(url, { width: 1280, height: 900, scheme: "light" });
  await page.waitForFunction(() => !document.getElementById("switch").hidden, { timeout: 10_000 });
  await page.focus("#new-product [name=name]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#records summary", { timeout: 20_000 });
  await page.waitForSelector("#new-order:not([hidden])", { timeout: 10_000 });
  await page.focus(".skip");
  const stops = [];
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      return { tag: e.localName, name: e.name || e.textContent.trim().slice(0, 30), ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
    });
    if (stop.tag === "body") break;
    stops.push(stop);
  }
  const bare = stops.filter(({ ring }) => !ring);
  check("keyboard: every stop shows the focus", stops.length >= 14 && bare.length === 0, `${stops.length} stops; ${bare.map(({ tag, name }) => `${tag} ${name}`).join(", ")}`);
  await page.focus("#records summary");
  const before = await page.$eval("#records details", ({ open }) => open);
  await page.keyboard.press("Enter");
  check("keyboard: Enter opens and closes a record", (await page.$eval("#records details", ({ open }) => open)) !== before);
  await page.close();
  await stop();
}

for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 390]) await walk(width, scheme);
}
await walk(360, "light");
await keyboard();
await browser.close();
verdict();

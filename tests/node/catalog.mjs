// Opens the page in headless Chromium: both widths, both colour schemes, by keyboard, without JavaScript, on paper; searches; and asks
// axe-core. Screenshots go to FOLDER/screenshots.
//
//     node catalog.mjs FOLDER        CHROMIUM=/path if it is not `chromium`
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { check, verdict } from "./verdict.mjs";

const folder = process.argv[2];
const screenshots = join(folder, "screenshots");
mkdirSync(screenshots, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const chromium = process.env.CHROMIUM ?? execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"] });

// A page whose complaints and requests are written down.
async function open(name, { width = 1280, height = 900, scheme = "light", script = true, hash = "" } = {}) {
  const page = await browser.newPage();
  const noise = [];
  page.on("console", (message) => { if (["error", "warn"].includes(message.type())) noise.push(message.text()); });
  page.on("pageerror", (error) => noise.push(String(error)));
  page.on("dialog", (dialog) => { noise.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) noise.push(`request: ${request.url()}`);
  });
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(pathToFileURL(join(folder, name)) + hash, { waitUntil: "load" });
  return { page, noise };
}

async function quiet(what, page, noise) {
  check(`${what}: nothing in the console, nothing loaded`, noise.length === 0, noise.join("\n  "));
  await page.close();
}

// The policy of the page forbids scripts, but not those of the browser's owner.
async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`));
}

// Looks.
for (const name of ["shop.html", "box-office.html", "many.html", "evil.html"]) {
  for (const scheme of ["light", "dark"]) {
    for (const width of [1280, 800, 390, 360]) {
      // The other pages differ in their content, not in their style.
      if (name !== "shop.html" && (scheme === "light") !== (width === 1280)) continue;
      const what = `${name} ${width} ${scheme}`;
      const { page, noise } = await open(name, { width, height: width < 500 ? 844 : 900, scheme });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(`${what}: no sideways scrolling`, overflow <= 0, `${overflow} px`);
      if (width !== 360) {
        if (name === "shop.html") await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
        const found = await violations(page);
        check(`${what}: axe`, found.length === 0, found.join("\n  "));
      }
      if (name === "shop.html" && width !== 360) {
        await page.evaluate(() => document.querySelectorAll("details").forEach((d, i) => (d.open = i === 0)));
        await page.screenshot({ path: join(screenshots, `${width}-${scheme}.png`) });
        await page.screenshot({ path: join(screenshots, `${width}-${scheme}-whole.png`), fullPage: true });
      }
      await quiet(what, page, noise);
    }
  }
}

// Search.
{
  const { page, noise } = await open("shop.html");
  const visible = (selector) => page.$$eval(selector, (all) => all.filter((e) => e.checkVisibility()).map((e) => e.id || e.dataset.event || e.textContent));
  const type = async (text) => { await page.keyboard.press("/"); await page.keyboard.type(text); };
  check("everything is there at first", (await visible(".entity")).join() === "product,order,refund", (await visible(".entity")).join());

  await type("  WAREHOUSES ");
  check("a field finds its entity", (await visible(".entity")).join() === "product", (await visible(".entity")).join());
  check("the index follows", (await visible(".side [data-entity] > a")).join() === "Product");
  check("it says how many", (await page.$eval("#page-found", (e) => e.textContent)) === "5 of 11", await page.$eval("#page-found", (e) => e.textContent));

  await page.keyboard.press("Escape");
  check("Escape shows everything again", (await visible(".entity")).length === 3);
  await page.keyboard.type("pricechanged");
  check("an event is found alone", (await visible("details")).join() === "ProductPriceChanged", (await visible("details")).join());
  await page.keyboard.press("Enter");
  check("Enter goes to the first entity", new URL(page.url()).hash === "#product", page.url());

  await type("int.order-update");
  check("a topic finds its entities", (await visible(".entity")).join() === "order,refund", (await visible(".entity")).join());
  await page.keyboard.press("Escape");
  await page.keyboard.type("nothing has this name");
  check("nothing found is said", (await visible(".entity")).length === 0 && (await visible("#page-nothing")).length === 1);
  check("nothing found has no violation", (await violations(page)).length === 0);
  await page.screenshot({ path: join(screenshots, "nothing.png") });
  await quiet("search", page, noise);
}

// By keyboard.
{
  const { page, noise } = await open("shop.html");
  const focused = () => page.evaluate(() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    return { text: e.id || e.textContent.trim().slice(0, 40), tag: e.localName, ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, box: e.getBoundingClientRect().toJSON() };
  });
  await page.keyboard.press("Tab");
  const skip = await focused();
  check("the first stop skips the index", skip.text === "Skip to the events" && skip.box.top >= 0 && skip.ring, JSON.stringify(skip));
  await page.keyboard.press("Enter");
  check("and leads to the events", (await focused()).text === "page-main", JSON.stringify(await focused()));

  await page.evaluate(() => document.activeElement.blur());
  await page.goto(page.url().replace(/#.*/, ""));
  const stops = [];
  for (let i = 0; i < 300; i += 1) {
    await page.keyboard.press("Tab");
    const stop = await focused();
    if (stop.tag === "body") break;
    stops.push(stop);
  }
  const bare = stops.filter((stop) => !stop.ring);
  check("every stop shows that it has the focus", stops.length > 40 && bare.length === 0, `${stops.length} stops; ${bare.map((s) => `${s.tag} ${s.text}`).join(", ")}`);
  check("summaries are stops", stops.filter((stop) => stop.tag === "summary").length === 11);

  await page.focus("#order summary");
  const before = await page.$eval("#order details", (d) => d.open);
  await page.keyboard.press("Space");
  check("the space bar opens and closes an event", (await page.$eval("#order details", (d) => d.open)) !== before);
  await quiet("keyboard", page, noise);
}

// Without JavaScript.
{
  const { page, noise } = await open("shop.html", { script: false, hash: "#OrderUpdated" });
  check("without a script there is no search", (await page.$eval("#page-search", (e) => e.checkVisibility())) === false);
  check("a link opens its event", await page.$eval("#OrderUpdated", (e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.closest("details").open));
  await quiet("without JavaScript", page, noise);
}

// On paper, all examples are there.
{
  const { page, noise } = await open("shop.html");
  await page.emulateMediaType("print");
  const hidden = await page.$$eval(".example", (all) => all.filter((e) => e.getBoundingClientRect().height < 20).length);
  check("print shows every example", hidden === 0, `${hidden} hidden`);
  await page.emulateMediaType(null);
  const pdf = await page.pdf({ path: join(screenshots, "print.pdf"), format: "A4" });
  check("print is a PDF", pdf.length > 10_000);
  await quiet("print", page, noise);
}

// What entities say does not run, not even if it were markup.
{
  const { page, noise } = await open("evil.html");
  check("one script, ours", (await page.$$eval("script", (all) => all.length)) === 1 && (await page.$$("img")).length === 0);
  await page.evaluate(() => { document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.evil = 1'>"); });
  await new Promise((resolve) => setTimeout(resolve, 200));
  check("the policy stops what slips through", (await page.evaluate(() => window.evil)) === undefined && noise.length > 0);
  await page.close();
}

await browser.close();
verdict();

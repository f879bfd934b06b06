// Copies the editor into the folder that is named: `make editor`. Nothing of it is committed; the lock pins it by hash.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = resolve(process.argv[2]);

const built = join(modules, "@zazuko", "yasgui", "build");
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const name of ["yasgui.min.js", "yasgui.min.css"]) copyFileSync(join(built, name), join(target, name));

// The bundle holds parts of these packages, so their licences go with it.
const packages = readdirSync(modules).flatMap((name) =>
  name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
);
const texts = [];
for (const name of packages.sort()) {
  const home = join(modules, name);
  if (!existsSync(join(home, "package.json"))) continue;
  const about = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const file = readdirSync(home).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const words = file ? readFileSync(join(home, file), "utf8") : "The package holds no licence text.\n";
  texts.push(`${about.name} ${about.version}: ${about.license ?? "see below"}\n\n${words}`);
}
writeFileSync(join(target, "LICENCES.txt"), texts.join(`\n${"-".repeat(72)}\n`));
console.log(`editor: ${texts.length} packages, into ${target}`);

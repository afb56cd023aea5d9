// A plain static server for one folder under one path: what any static host does, and nothing more.
// No fallback to index.html, no cache. Used by the tests and by shots.mjs; by hand:
//   node server.mjs ../dist /some/folder/ 4173

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
};

/** Serves `folder` below `base` on 127.0.0.1; port 0 takes any free one. Resolves to the server. */
export function serve(folder, base, port = 0) {
  const server = createServer((request, response) => answer(resolve(folder), base, request, response));
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => done(server));
  });
}

async function answer(folder, base, request, response) {
  const file = await find(folder, base, request.url);
  const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, headers).end();
  } else if (!file) {
    response.writeHead(404, { ...headers, "content-type": "text/plain" }).end("not found\n");
  } else {
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "content-type": type });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  }
}

/** The file that an address names, or null: never one outside the folder. */
async function find(folder, base, url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://127.0.0.1").pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(base)) return null;
  let file = join(folder, normalize(path.slice(base.length)));
  if (file !== folder && !file.startsWith(folder + sep)) return null;
  if (path.endsWith("/")) file = join(file, "index.html");
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? file : null;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder = "../dist", base = "/", port = "0"] = process.argv.slice(2);
  const server = await serve(folder, base, Number(port));
  console.log(`serving ${folder} at http://127.0.0.1:${server.address().port}${base}`);
}

// The program `driverlab-lsp`: the language server on standard input and output, or on an editor's own channel.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { disk, diskCache, loadAssets, programVersion, rulePages } from "./disk.ts";
import { loadKnowledge } from "./knowledge/knowledge.ts";
import { startServer } from "./lsp/server.ts";
import { createParser } from "./syntax/parser.ts";

const usage = `Usage: driverlab-lsp [--stdio]

The Driverlab language server; an editor starts it and speaks the language server protocol with it.
`;

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("--version")) {
  process.stdout.write(args.includes("--help") ? usage : `${programVersion()}\n`);
  process.exit(0);
}

const channels = ["--node-ipc", "--pipe", "--socket", "--stdio"];
const named = args.some((arg) => channels.some((channel) => arg === channel || arg.startsWith(`${channel}=`)));
const connection = named
  ? createConnection(ProposedFeatures.all)
  : createConnection(ProposedFeatures.all, process.stdin, process.stdout);

startServer(connection, {
  host: { ...disk, cache: diskCache(programVersion()) },
  version: programVersion(),
  rulePage: rulePages(),
  load: async () => {
    const assets = await loadAssets();
    return { parser: await createParser(assets.parser), knowledge: loadKnowledge(assets.facts, assets.tables) };
  },
  clock: {
    now: () => performance.now(),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  },
});

import { Command } from "commander";
import { loadConverters, type LoadedConverter } from "../../pipelines/converters.ts";
import { downloadPath } from "../../pipelines/sources/downloads.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { option } from "../cli/options.ts";
import { createTerminal, wrap } from "../cli/terminal.ts";

export function datasetsCommand(finish: Finish): Command {
  return new Command("datasets")
    .description("list the sources: domain, licence, what to download and where it goes, gold steps, the level it can reach")
    .addOption(option("--json", "as one JSON object"))
    .addOption(option("--debug", "the stack of an error, too"))
    .action(async (options: { json?: boolean }) => {
      const converters = await loadConverters();
      const terminal = createTerminal(options);
      if (terminal.json) terminal.print(JSON.stringify({ datasets: converters.map(describe) }));
      else for (const converter of converters) printDataset(terminal, converter);
      finish(EXIT.done);
    });
}

function describe(converter: LoadedConverter) {
  const { dataset, title, domain, top_level, licence, homepage, gold } = converter;
  const downloads = converter.downloads.map((download) => ({ ...download, path: downloadPath(dataset, download.file) }));
  return { dataset, title, domain, top_level, licence, homepage, gold, downloads };
}

function printDataset(terminal: ReturnType<typeof createTerminal>, converter: LoadedConverter): void {
  const { bold } = terminal.colours;
  const line = (label: string, text: string): void => {
    const indent = " ".repeat(13);
    terminal.print(`  ${label.padEnd(11)}${wrap(text, terminal.columns - 13, "").replaceAll("\n", `\n${indent}`)}`);
  };
  terminal.print(bold(`${converter.dataset} — ${converter.title}`));
  line("domain", converter.domain);
  line("reaches", converter.top_level);
  line("gold steps", converter.gold);
  line("licence", `${converter.licence.name}. ${converter.licence.inherits}`);
  line("home", converter.homepage);
  for (const download of converter.downloads) {
    line("get", `${download.about}: ${download.url}`);
    line("put it at", downloadPath(converter.dataset, download.file));
  }
  terminal.print();
}

#!/usr/bin/env node
import { main } from "./cli/program.ts";

// A reader that closes the pipe early (`lumos show … | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

// Starts the explorer's search in a worker. It is the page's own program: the worker's name says where the script
// around it is, and the page sends the program itself first, compiled as it is. A page whose worker cannot start is
// told why.
"use strict";

addEventListener(
  "message",
  async ({ data }) => {
    try {
      const program = await import(self.name);
      await program.default({ module_or_path: data });
    } catch (error) {
      self.postMessage(`${error}`);
    }
  },
  { once: true },
);

// For which kernel a file is written, found in trees and machines made of a few files.
import { expect, test } from "vitest";
import { kernelVersion } from "../../server/program/kernel-version.ts";
import type { Host } from "../../server/text/host.ts";

function machine(files: Readonly<Record<string, string>>): Host {
  const paths = Object.keys(files);
  return {
    read: (path) => files[path],
    list: (folder) => {
      const below = paths.filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0]!))].sort();
    },
  };
}

const treeMakefile =
  "# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =\n";
const box = "obj-m += box.o\n";
const uname = "KDIR ?= /lib/modules/$(shell uname -r)/build\nall:\n\t$(MAKE) -C $(KDIR) M=$(PWD) modules\n";
const modules = {
  "/lib/modules/6.1.0-18-amd64/build/Makefile": "include /usr/src/linux-headers-6.1.0-18-common/Makefile\n",
  "/lib/modules/6.12.9-amd64/build/Makefile": "",
  "/lib/modules/6.16.1-amd64/modules.dep": "",
};

test.each<[string, Readonly<Record<string, string>>, string | undefined, string?]>([
  [
    "the tree that the file lies in",
    { "/k/Makefile": treeMakefile, "/k/drivers/box/Makefile": box, ...modules },
    "6.1",
    "/k/Makefile",
  ],
  [
    "the kernel folder that the Makefile names",
    { "/k/drivers/box/Makefile": `${box}KDIR := /src/linux\n`, "/src/linux/Makefile": treeMakefile, ...modules },
    "6.1",
    "/src/linux/Makefile",
  ],
  [
    "the headers that the Makefile names",
    { "/k/drivers/box/Makefile": `${box}KDIR = /usr/src/linux-headers-5.10.0-8-amd64\n` },
    "5.10",
    "/usr/src/linux-headers-5.10.0-8-amd64",
  ],
  [
    "the running kernel, where the Makefile asks for it",
    { "/k/drivers/Makefile": box + uname, "/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n", ...modules },
    "6.1",
    "/lib/modules/6.1.0-18-amd64/build",
  ],
  [
    "the newest installed kernel, where the running one has no headers",
    {
      "/k/drivers/box/Kbuild": "",
      "/k/drivers/box/Makefile": box + uname,
      "/proc/sys/kernel/osrelease": "6.16.1\n",
      ...modules,
    },
    "6.12",
    "/lib/modules/6.12.9-amd64/build",
  ],
  [
    "nothing, where no Makefile builds modules",
    { "/k/drivers/box/Makefile": "all:\n\tcc box.c\n", ...modules },
    undefined,
  ],
  ["nothing, where there is no Makefile", modules, undefined],
])("%s", (_, files, release, from) => {
  expect(kernelVersion("/k/drivers/box/box.c", machine(files))).toEqual(release && { release, from });
});

test("a file that was never saved lies in no tree", () => {
  expect(kernelVersion("", machine({ "/Makefile": treeMakefile }))).toBeUndefined();
});

// Writes simulator/api/contracts.json and its declarations: what the knowledge base says of functions that are not simulated.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createChecker, root } from "../checker.ts";

/** By header: what a function does. */
const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "linux/buffer_head": {
    brelse: "Gives a reference to a buffer back.",
    mark_buffer_dirty: "Says that a buffer has to be written to its disk.",
    sb_bread: "Reads a block of a file system's disk; NULL when it cannot be read.",
    sb_set_blocksize: "Sets the block size of a file system; 0 when the disk cannot have it.",
  },
  "linux/dcache": {
    d_add: "Puts a name with its inode, or with none, into the cache of names.",
    d_instantiate: "Gives a name its inode.",
    d_make_root: "Makes the root of a file system of an inode; NULL, and the inode is put, when there is no memory.",
    dget: "Takes a reference to a name.",
  },
  "linux/fs": {
    dir_emit: "Hands an entry of a directory to its reader; false when there is no more room.",
    generic_file_mmap: "The mmap of a file whose pages are cached.",
    generic_file_read_iter: "The read_iter of a file whose pages are cached.",
    generic_file_write_iter: "The write_iter of a file whose pages are cached.",
    generic_read_dir: "The read of a directory: -EISDIR.",
    generic_drop_inode: "Whether an inode that nobody uses is thrown away.",
    i_gid_read: "The number of an inode's group.",
    i_gid_write: "Sets an inode's group by its number.",
    i_uid_read: "The number of an inode's owner.",
    i_uid_write: "Sets an inode's owner by its number.",
    iget_failed: "Gives up an inode that iget_locked gave and that could not be read.",
    iget_locked: "The inode of a number, locked and to be filled in when I_NEW is set; NULL when there is no memory.",
    inc_nlink: "Counts one more name of an inode.",
    inode_dec_link_count: "Counts one name less, and marks the inode dirty.",
    inode_init_once: "Sets up what stays of an inode over its uses; in a constructor of a cache.",
    inode_init_owner: "Gives a new inode owner, group and mode, as its directory wants.",
    insert_inode_hash: "Makes an inode findable by its number.",
    iput: "Gives a reference to an inode back.",
    kill_block_super: "Unmounts a file system that is on a disk.",
    kill_litter_super: "Unmounts a file system that is nothing but names and inodes in memory.",
    mark_inode_dirty: "Says that an inode has to be written.",
    mount_bdev: "Mounts a file system that is on a disk.",
    mount_nodev: "Mounts a file system that is on no disk.",
    new_inode: "Makes an inode of a file system; NULL when there is no memory.",
    register_filesystem: "Makes a kind of file system known; -EBUSY when its name is taken.",
    simple_getattr: "The getattr of an inode that is what it says.",
    simple_link: "The link of a file system in memory.",
    simple_lookup: "The lookup of a file system whose names are all cached: there is nothing else.",
    simple_rename: "The rename of a file system in memory.",
    simple_rmdir: "The rmdir of a file system in memory; -ENOTEMPTY.",
    simple_statfs: "The statfs of a file system in memory.",
    simple_unlink: "The unlink of a file system in memory.",
    simple_write_begin: "Gets the cached page that a write goes to.",
    unlock_new_inode: "An inode that iget_locked gave is filled in: others may use it.",
    unregister_filesystem: "Makes a kind of file system unknown again.",
  },
  "linux/net": {
    kernel_sendmsg: "Sends through a socket; bytes sent.",
    sock_create_kern: "Makes a socket for the kernel's own use.",
    sock_create_lite: "Makes a socket without a protocol.",
    sock_release: "Closes a socket.",
  },
  "linux/serial_core": {
    uart_add_one_port: "Makes a port of a serial driver usable.",
    uart_get_baud_rate: "The speed that the terminal settings ask for, within limits.",
    uart_get_divisor: "What the clock of a port has to be divided by for a speed.",
    uart_register_driver: "Makes a serial driver known to the tty layer.",
    uart_tx_stopped: "Whether the port must not send.",
    uart_unregister_driver: "Makes a serial driver unknown again.",
    uart_write_wakeup: "Says that there is room to send again.",
  },
  "linux/tty": {
    I_IXOFF: "Whether the terminal stops the sender when it is full.",
    I_IXON: "Whether the terminal can stop what is sent to it.",
    START_CHAR: "The character that starts what was stopped.",
    STOP_CHAR: "The character that stops what is sent.",
    get_current_tty: "The terminal of the running process, with a reference; NULL without one.",
    tty_devnum: "The device number of a terminal.",
    tty_get_baud_rate: "The speed of a terminal.",
  },
  "linux/tty_driver": {
    tty_register_device: "Makes the device of one line of a terminal driver.",
    tty_register_driver: "Makes a terminal driver known.",
    tty_set_operations: "Gives a terminal driver its operations.",
    tty_unregister_device: "Removes the device of a line.",
    tty_unregister_driver: "Makes a terminal driver unknown again.",
  },
  "linux/tty_flip": {
    tty_buffer_request_room: "Makes room for characters that arrive; for how many there is room.",
    tty_flip_buffer_push: "Hands what arrived to the terminal, in a worker.",
    tty_insert_flip_char: "Adds a character that arrived; 0 when there is no room.",
  },
  "linux/tty_port": {
    tty_port_destroy: "Ends what tty_port_init began.",
    tty_port_init: "Makes a port ready.",
    tty_port_link_device: "Ties a port to a line of a terminal driver.",
  },
  "linux/usb": {
    interface_to_usbdev: "The device that an interface belongs to.",
    usb_alloc_coherent: "Memory that a device and the CPU see alike; NULL when there is none.",
    usb_alloc_urb: "Makes a request for a device; NULL when there is no memory.",
    usb_bulk_msg: "Sends or receives a message, and waits for its end.",
    usb_deregister: "Takes a driver back from all its devices.",
    usb_deregister_dev: "Removes the character device of an interface.",
    usb_fill_bulk_urb: "Fills in a request for a bulk transfer.",
    usb_find_interface: "The interface of a driver whose character device has a minor number.",
    usb_free_coherent: "Frees what usb_alloc_coherent gave.",
    usb_free_urb: "Gives a reference to a request back.",
    usb_get_dev: "Takes a reference to a device.",
    usb_get_intfdata: "What the driver has set for an interface.",
    usb_put_dev: "Gives a reference to a device back.",
    usb_rcvbulkpipe: "The number of a bulk endpoint that is read.",
    usb_register: "Makes a driver known, which is then given its devices.",
    usb_register_dev: "Makes a character device for an interface.",
    usb_set_intfdata: "Sets what the driver knows of an interface.",
    usb_sndbulkpipe: "The number of a bulk endpoint that is written.",
    usb_submit_urb: "Hands a request to the host controller; its completion is called from an interrupt.",
  },
};

/** Results that are not 0 or a cleared object. */
const RESULTS: Readonly<Record<string, number>> = {
  dir_emit: 1,
  sb_set_blocksize: 512,
  tty_buffer_request_room: 256,
  tty_insert_flip_char: 1,
  tty_get_baud_rate: 9600,
  uart_get_baud_rate: 9600,
  generic_drop_inode: 1,
};
/** Macros that give a pointer, or nothing; others give an integer. */
const MACROS: Readonly<Record<string, string>> = { interface_to_usbdev: "struct usb_device *", usb_register: "int" };

interface Contract {
  readonly header: string;
  readonly name: string;
  readonly params: readonly string[];
  readonly returns: string;
  readonly maySleep: string;
  /** Which argument says whether it may sleep. */
  readonly gfp?: number;
  readonly mayBeNull?: true;
  readonly where: string;
  readonly result?: number;
  readonly summary: string;
}

interface Known {
  readonly contract: Contract;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly variadic: boolean;
}

const knowledge = (await createChecker()).knowledge.at("6.12");
const contracts = Object.entries(FUNCTIONS).flatMap(([header, functions]) =>
  Object.entries(functions).map(([name, summary]) => contractOf(header, name, summary)),
);
writeFileSync(
  join(root, "simulator/api/contracts.json"),
  `[\n${contracts.map(({ contract }) => `  ${JSON.stringify(contract)}`).join(",\n")}\n]\n`,
);
const MARK = "// Contract stubs, written by test/simulator/write-contracts.ts.\n";
for (const header of Object.keys(FUNCTIONS)) {
  const path = join(root, `simulator/api/declarations/${header}.d.ts`);
  const own = contracts.filter(({ contract }) => contract.header === header);
  // What stands before them is written by hand: what is simulated of a header, and the structs of the others.
  const before = readFileSync(path, "utf8").split(MARK)[0] || opening(own);
  writeFileSync(path, `${before}${MARK}${own.map(declaration).join("")}`);
}

function contractOf(header: string, name: string, summary: string): Known {
  const fact = knowledge.fact(name);
  const found = fact?.extracted;
  if (fact === undefined || found === undefined) throw new Error(`nothing is known of ${name}`);
  const isMacro = found.kind === "macro";
  const result = RESULTS[name];
  const contract: Contract = {
    header,
    name,
    params: found.parameters.map(({ type }) => (isMacro ? "any" : typeOf(type))),
    returns: resultOf(isMacro ? (MACROS[name] ?? "int") : found.returnType),
    maySleep: fact.maySleep,
    ...(fact.gfpParam === undefined ? {} : { gfp: fact.gfpParam }),
    ...(fact.returns === "null-on-failure" ? { mayBeNull: true as const } : {}),
    where: `${found.path}:${found.line}`,
    ...(result === undefined ? {} : { result }),
    summary,
  };
  return { contract, parameters: found.parameters, variadic: found.variadic === true };
}

function typeOf(type: string): string {
  if (/\(\*/.test(type)) return "callback";
  if (/^const char \*$/.test(type)) return "string";
  if (/\*|\[/.test(type) || /_t fn$|complete_t/.test(type)) return /complete_t/.test(type) ? "callback" : "ptr";
  if (/\b(u64|s64|loff_t|sector_t)\b/.test(type)) return "u64";
  return /^(int|short|ssize_t)$/.test(type) ? "int" : "u32";
}

function resultOf(type: string): string {
  if (type === "void") return "void";
  if (type === "bool") return "bool";
  return typeOf(type) === "string" ? "ptr" : typeOf(type);
}

function opening(own: readonly Known[]): string {
  const text = own.map(declaration).join("");
  const types = ["Pointer", "Ref"].filter((name) => new RegExp(`\\b${name}<`).test(text));
  const imports = types.length === 0 ? "" : `import type { ${types.join(", ")} } from "./types.d.ts";\n\n`;
  return `// Functions of which only the contract is known here.\n${imports}`;
}

function declaration({ contract, parameters, variadic }: Known): string {
  const { name, params, returns, maySleep, where, result, summary, mayBeNull } = contract;
  const list = params.map((type, index) => `${parameterName(parameters[index]!.name, index)}: ${face(type)}`);
  if (variadic) list.push("...args: unknown[]");
  const sleeps = { never: "any", always: "process, may sleep", flags: "as its gfp flags say" }[maySleep] ?? "not known";
  const given = returns === "void" ? "" : ` Result: ${result ?? (returns === "ptr" ? "a cleared object" : 0)}.`;
  const value = { void: "void", bool: "boolean", ptr: "Ref<unknown>", u64: "bigint" }[returns] ?? "number";
  const context = `Context: ${sleeps}.${given} Source: ${where.split(":")[0]}`;
  return `/** ${summary} ${context}. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function ${name}(${list.join(", ")}): ${value}${mayBeNull === true && returns === "ptr" ? " | null" : ""};
`;
}

function parameterName(name: string, index: number): string {
  return /^(?:function|default|new|in)?$/.test(name) ? `arg${index}` : name;
}

function face(type: string): string {
  return (
    {
      any: "unknown",
      callback: "((...args: never[]) => unknown) | null",
      string: "string",
      ptr: "Pointer<unknown> | null",
      u64: "number | bigint",
    }[type] ?? "number"
  );
}

// linux/mm: a character device that is mapped, in every way in which a driver can do it; which one, says the offset.
// devices: sp804
import { EFAULT, EINVAL, ENOMEM, ENOTTY } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { alloc_page, GFP_KERNEL } from "linux/gfp";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import {
  __pa,
  __va,
  FAULT_FLAG_WRITE,
  find_vma,
  get_page,
  io_remap_pfn_range,
  PAGE_SHIFT,
  PAGE_SIZE,
  type page,
  page_address,
  page_count,
  page_to_pfn,
  pfn_to_page,
  pfn_valid,
  pgprot_noncached,
  pgprot_val,
  pgprot_writecombine,
  put_page,
  remap_pfn_range,
  remap_vmalloc_range,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_FAULT_SIGBUS,
  VM_IO,
  VM_LOCKED,
  VM_MIXEDMAP,
  VM_PFNMAP,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
  type vm_area_struct,
  type vm_fault,
  vm_flags_clear,
  vm_flags_mod,
  vm_flags_set,
  vm_get_page_prot,
  vm_insert_page,
  vm_iomap_memory,
  vm_operations_struct,
  vma_lookup,
  vmalloc_to_page,
  vmalloc_to_pfn,
  vmf_insert_pfn,
} from "linux/mm";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { current } from "linux/sched";
import { get_task_mm, mmput } from "linux/sched/mm";
import { strcmp, strscpy } from "linux/string";
import {
  addr,
  array,
  cast,
  char,
  type int,
  type loff_t,
  type long,
  type Ref,
  struct,
  type UserPtr,
  u32,
  type uint,
  type ulong,
} from "linux/types";
import { copy_to_user, get_user, put_user, raw_copy_from_user, raw_copy_to_user } from "linux/uaccess";
import { vfree, vmalloc_user, vzalloc } from "linux/vmalloc";

const TIMER = 0x09020000;
const text = array(char, 64);
const state = struct("state", {
  opens: u32,
  closes: u32,
  faults: u32,
  writes: u32,
  flags: u32,
  mode: u32,
  word: u32,
  copied: array(char, 8),
  raw: array(char, 4),
});
const the = state({});
let the_page: Ref<typeof text>;
let the_area: Ref<typeof text>;

const mapped_vm_ops = vm_operations_struct({
  open: (vma: Ref<vm_area_struct>) => {
    const counted = cast(state, vma.vm_private_data);
    counted.opens += 1;
  },
  close: (vma: Ref<vm_area_struct>) => {
    const counted = cast(state, vma.vm_private_data);
    counted.closes += 1;
  },
  fault: (vmf: Ref<vm_fault>) => {
    the.faults += 1;
    if (vmf.flags & FAULT_FLAG_WRITE) the.writes += 1;
    if ((vmf.pgoff & 15) > 1) return VM_FAULT_SIGBUS;
    const found = pfn_to_page(__pa(the_page) >> PAGE_SHIFT);
    if (the.mode === 5) return vmf_insert_pfn(vmf.vma, vmf.address, page_to_pfn(found));
    get_page(found);
    vmf.page = found;
    return 0;
  },
});

function insert(vma: Ref<vm_area_struct>, found: Ref<page>): int {
  if (vm_insert_page(vma, vma.vm_end, found) !== -EFAULT) return -EINVAL;
  return vm_insert_page(vma, vma.vm_start, found);
}

function mapped_mmap(file: Ref<file>, vma: Ref<vm_area_struct>): int {
  const size = vma.vm_end - vma.vm_start;
  const pfn = __pa(the_page) >> PAGE_SHIFT;
  the.mode = vma.vm_pgoff >> 4;
  vma.vm_private_data = the;
  let result = 0;
  switch (the.mode) {
    case 0:
      vma.vm_ops = mapped_vm_ops;
      result = remap_pfn_range(vma, vma.vm_start, pfn, PAGE_SIZE, vma.vm_page_prot);
      break;
    case 1:
      result = insert(vma, pfn_to_page(pfn));
      break;
    case 2:
      vma.vm_ops = mapped_vm_ops;
      break;
    case 3:
      result = remap_vmalloc_range(vma, the_area, vma.vm_pgoff & 15);
      break;
    case 4:
      vma.vm_page_prot = pgprot_noncached(vma.vm_page_prot);
      result = io_remap_pfn_range(vma, vma.vm_start, TIMER >> PAGE_SHIFT, size, vma.vm_page_prot);
      break;
    case 5:
      vm_flags_set(vma, VM_PFNMAP);
      vma.vm_ops = mapped_vm_ops;
      break;
    case 6:
      break;
    case 7:
      result = vm_iomap_memory(vma, TIMER, PAGE_SIZE * 0x72);
      break;
    case 8:
      result = remap_pfn_range(vma, vma.vm_start + 4, pfn, size, vma.vm_page_prot);
      break;
    default:
      result = -EINVAL;
  }
  the.flags = vma.vm_flags;
  return result;
}

/** What can be found out without a mapping; 0 when all is as it should be, else which is not. */
function check_addresses(): int {
  const map = vmalloc_to_page(the_area.add(PAGE_SIZE))!;
  if (vmalloc_to_page(the_page) !== null) return 1;
  if (page_to_pfn(map) !== vmalloc_to_pfn(the_area.add(PAGE_SIZE))) return 2;
  if (page_to_pfn(map) !== vmalloc_to_pfn(the_area) + 1) return 3;
  const second = cast(text, page_address(map));
  strscpy(second, "second", 64);
  if (strcmp(cast(text, the_area.add(PAGE_SIZE)), "second") !== 0) return 4;
  if (!pfn_valid(page_to_pfn(map)) || pfn_valid(TIMER >> PAGE_SHIFT)) return 5;
  if (!pfn_valid(__pa(the_page) >> PAGE_SHIFT)) return 6;
  const prot = vm_get_page_prot(VM_READ | VM_WRITE | VM_SHARED);
  if (prot === vm_get_page_prot(VM_READ)) return 7;
  if (pgprot_val(pgprot_noncached(prot)) === pgprot_val(prot)) return 8;
  if (pgprot_writecombine(prot) === prot || pgprot_writecombine(prot) === pgprot_noncached(prot)) return 9;
  const plain = vzalloc(PAGE_SIZE)!;
  const lonely = alloc_page(GFP_KERNEL)!;
  if (page_count(lonely) !== 1) return 10;
  put_page(lonely);
  vfree(plain);
  return 0;
}

/** The memory of the caller: how many areas, and whether the one at an address is ours. */
function check_mm(address: ulong): int {
  const mm = get_task_mm(current());
  if (mm === null) return -1;
  const users = mm.mm_users;
  const first = find_vma(mm, 0);
  const own = vma_lookup(mm, address);
  const isRight = first !== null && first === own && own.vm_mm === mm && vma_lookup(mm, own.vm_end) === null;
  if (own !== null) {
    vm_flags_mod(own, VM_LOCKED, VM_DONTDUMP);
    vm_flags_clear(own, VM_IO);
    the.flags = own.vm_flags;
  }
  const areas = mm.map_count;
  mmput(mm);
  return isRight ? areas * 100 + users * 10 + mm.mm_users : -2;
}

function mapped_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  switch (cmd) {
    case 1:
      return the.opens * 100 + the.closes;
    case 2:
      return the.faults * 10 + the.writes;
    case 3:
      strscpy(the_page, "from the driver", 64);
      return 0;
    case 4:
      return strcmp(cast(text, __va(__pa(the_page))), "from the process");
    case 5:
      return page_count(pfn_to_page(__pa(the_page) >> PAGE_SHIFT));
    case 6:
      return check_addresses();
    case 7:
      return check_mm(arg);
    case 8:
      return the.flags & (VM_IO | VM_PFNMAP | VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_LOCKED);
    default:
      return -ENOTTY;
  }
}

/** Copies to and from a buffer that may be mapped itself. */
function mapped_read(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): long {
  if (copy_to_user(buf, the.copied, 7)) return -EFAULT;
  if (put_user(0x21646e65, buf.add(8), u32)) return -EFAULT;
  const left = raw_copy_to_user(buf.add(16), the.raw, 4);
  the.word = 0;
  if (get_user(addr(the, "word"), buf.add(8))) return -EFAULT;
  return left === 0 && the.word === 0x21646e65 ? count : -EINVAL;
}

function mapped_write(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): long {
  the.word = 0x5a5a5a5a;
  return raw_copy_from_user(addr(the, "word"), buf, 4) === 0 ? the.word : -EFAULT;
}

const mapped_fops = file_operations({
  owner: THIS_MODULE,
  mmap: mapped_mmap,
  read: mapped_read,
  write: mapped_write,
  unlocked_ioctl: mapped_ioctl,
});
const plain_fops = file_operations({ owner: THIS_MODULE });
const mapped_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "mapped", fops: mapped_fops });
const plain_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "plain", fops: plain_fops });

function mapped_init(): int {
  const page = alloc_page(GFP_KERNEL);
  const area = vmalloc_user(2 * PAGE_SIZE);
  if (page === null || area === null) return -ENOMEM;
  strscpy(the.copied, "copied", 8);
  strscpy(the.raw, "raw", 4);
  the_page = cast(text, page_address(page));
  the_area = cast(text, area);
  misc_register(plain_misc);
  return misc_register(mapped_misc);
}

function mapped_exit(): void {
  misc_deregister(mapped_misc);
  misc_deregister(plain_misc);
  vfree(the_area);
  put_page(pfn_to_page(__pa(the_page) >> PAGE_SHIFT));
}

module_init(mapped_init);
module_exit(mapped_exit);
MODULE_LICENSE("GPL");

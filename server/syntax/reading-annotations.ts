// The kernel's annotations, and how they are taken out of the token stream.
import type { Annotation } from "./ast.ts";

/** Annotations without arguments: a parenthesis after them belongs to what follows. From include/linux of 6.1 and 6.12. */
export const annotationWords = `
  __user __iomem __percpu __rcu __force __kernel __private __nocast __safe __bitwise __bitwise__ __init __exit
  __initdata __initconst __exitdata __exitconst __ref __refdata __refconst __head __init_or_module
  __initdata_or_module __initconst_or_module __initdata_or_meminfo __initdata_or_acpilib __init_or_acpilib
  __init_or_fwtbl_lib __meminit __meminitdata __meminitconst __memexit __memexitdata __memexitconst __cpuinit
  __cpuinitdata __cpuinitconst __devinit __devinitdata __devinitconst __devexit __devexitdata __net_init __net_exit
  __net_initdata __net_initconst __always_used __exit_call __exitused __nosavedata __init_memblock __initdata_memblock
  __exit_refok __init_refok __initdata_refok __maybe_unused __always_unused __unused __used __must_check __cold __hot
  __pure __attribute_const__ __flatten noinline noinline_for_stack noinline_for_tracing notrace asmlinkage
  __always_inline __async_inline nokprobe_inline __gnu_inline __inline_maybe_unused noinstr __no_sanitize_or_inline
  __no_kasan_or_inline __sched __lockfunc __kprobes __packed __packed2__ __aligned_largest __malloc __weak __visible
  __deprecated __noreturn __nonstring __nonstring_array __no_caller_saved_registers __noclone __noscs __noretpoline
  __noendbr __nocfi __no_sanitize_undefined __no_sanitize_thread __no_sanitize_address __no_sanitize_memory
  __no_sanitize_coverage __no_kmsan_checks __no_kcsan __no_profile __no_stack_protector __no_randomize_layout
  __noinitretpoline __signed_wrap __retain __uninitialized __naked __overloadable __designated_init __randomize_layout
  randomized_struct_fields_start randomized_struct_fields_end __latent_entropy __ro_after_init __read_mostly
  __page_aligned_data __page_aligned_bss __cacheline_aligned ____cacheline_aligned ____cacheline_aligned_in_smp
  __cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp ____dma_from_device_aligned __tracepoint_string
  __irq_entry __softirq_entry __cpuidle __idmap __function_aligned __long_aligned __efi_runtime __efiapi EFIAPI
  __bpf_kfunc __tcp_ao_key_align __bss_decrypted ACPI_UNUSED_VAR ACPI_SYSTEM_XFACE ACPI_INTERNAL_XFACE
  ACPI_INTERNAL_VAR_XFACE ACPI_EXTERNAL_XFACE ACPI_NONSTRING ACPI_INIT_FUNCTION __xipram __tcmfunc __tcmdata
  __tcmconst __tcmlocalfunc __assume_kmalloc_alignment __assume_slab_alignment __assume_page_alignment
  CRYPTO_MINALIGN_ATTR EARLYCON_USED_OR_UNUSED __fix_address __seg_gs __seg_fs __ATM_API_ALIGN __stdcall __cdecl
  __fastcall __unaligned __attribute_used__ __no_instrument_function
`;

/** Annotations that take arguments in parentheses. */
export const annotationWordsWithArguments = `
  __attribute__ __attribute __aligned __printf __scanf __alloc_size __alloc_size__ __section __section__ __acquires
  __releases __must_hold __acquire_ret __cond_acquires __must_not_hold __acquires_shared __releases_shared
  __cond_acquires_shared __must_hold_shared __guarded_by __pt_guarded_by __counted_by __counted_by_le __counted_by_be
  __counted_by_ptr __sized_by __free __cleanup __assume_aligned __alias __copy __diagnose_as __compiletime_error
  __compiletime_warning __mode __pass_object_size __pass_dynamic_object_size __declspec __realloc_size _Alignas
  alignas ACPI_PRINTF_LIKE
`;

/** An annotation found at offsets, with its argument text when it has parentheses. */
export function makeAnnotation(text: string, start: number, nameEnd: number, end: number): Annotation {
  const name = text.slice(start, nameEnd);
  if (end <= nameEnd) return { name, start, end: nameEnd };
  const args = text.slice(text.indexOf("(", nameEnd) + 1, end - 1).trim();
  return { name, args, start, end };
}

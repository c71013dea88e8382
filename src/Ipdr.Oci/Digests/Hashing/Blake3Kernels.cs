using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Which kernels this processor has, and the way to each.</summary>
internal static class Blake3Kernels
{
    /// <summary>Lanes of the widest kernel.</summary>
    public const int MaxLanes = 16;

    /// <summary>The widest kernel that is worth its clock rate here.</summary>
    public static Blake3Kernel Best =>
        Vector512.IsHardwareAccelerated && IsSupported(Blake3Kernel.Vector512) ? Blake3Kernel.Vector512
        : IsSupported(Blake3Kernel.Vector256) ? Blake3Kernel.Vector256
        : IsSupported(Blake3Kernel.Vector128) ? Blake3Kernel.Vector128
        : Blake3Kernel.Scalar;

    /// <summary>Whether this processor can run the kernel.</summary>
    public static bool IsSupported(Blake3Kernel kernel) => kernel switch
    {
        Blake3Kernel.Scalar => true,
        Blake3Kernel.Vector128 => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported),
        Blake3Kernel.Vector256 => Avx2.IsSupported,
        Blake3Kernel.Vector512 => Avx512F.IsSupported,
        _ => throw new ArgumentOutOfRangeException(nameof(kernel)),
    };

    /// <summary>Inputs that the kernel hashes at once.</summary>
    public static int LanesOf(Blake3Kernel kernel) => kernel switch
    {
        Blake3Kernel.Scalar => OneLane.Count,
        Blake3Kernel.Vector128 => FourLanes.Count,
        Blake3Kernel.Vector256 => EightLanes.Count,
        Blake3Kernel.Vector512 => SixteenLanes.Count,
        _ => throw new ArgumentOutOfRangeException(nameof(kernel)),
    };

    /// <inheritdoc cref="Blake3Lanes{T}.HashChunks(ReadOnlySpan{byte}, ulong, Span{byte})"/>
    public static void HashChunks(Blake3Kernel kernel, ReadOnlySpan<byte> chunks, ulong counter, Span<byte> values)
    {
        if (kernel == Blake3Kernel.Vector512 && Avx512F.IsSupported)
            Blake3Lanes<SixteenLanes>.HashChunks(chunks, counter, values);
        else if (kernel == Blake3Kernel.Vector256 && Avx2.IsSupported)
            Blake3Lanes<EightLanes>.HashChunks(chunks, counter, values);
        else if (kernel == Blake3Kernel.Vector128)
            Blake3Lanes<FourLanes>.HashChunks(chunks, counter, values);
        else
            Blake3Lanes<OneLane>.HashChunks(chunks, counter, values);
    }

    /// <inheritdoc cref="Blake3Lanes{T}.HashParents(ReadOnlySpan{byte}, Span{byte})"/>
    public static void HashParents(Blake3Kernel kernel, ReadOnlySpan<byte> pairs, Span<byte> values)
    {
        if (kernel == Blake3Kernel.Vector512 && Avx512F.IsSupported)
            Blake3Lanes<SixteenLanes>.HashParents(pairs, values);
        else if (kernel == Blake3Kernel.Vector256 && Avx2.IsSupported)
            Blake3Lanes<EightLanes>.HashParents(pairs, values);
        else if (kernel == Blake3Kernel.Vector128)
            Blake3Lanes<FourLanes>.HashParents(pairs, values);
        else
            Blake3Lanes<OneLane>.HashParents(pairs, values);
    }
}

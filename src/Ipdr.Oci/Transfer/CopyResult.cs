using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Transfer;

/// <summary>What a copy did.</summary>
/// <param name="Images">What is there now.</param>
/// <param name="CopiedBlobs">Blobs that were sent.</param>
/// <param name="CopiedBytes">Their bytes.</param>
/// <param name="SkippedBlobs">Blobs that were there already.</param>
/// <param name="SkippedBytes">Their bytes.</param>
/// <param name="Warnings">What was odd, and what could not be kept.</param>
public sealed record CopyResult(
    IReadOnlyList<CopiedImage> Images, int CopiedBlobs, long CopiedBytes, int SkippedBlobs, long SkippedBytes, IReadOnlyList<Fault> Warnings)
{
    /// <summary>What was not copied; empty unless <see cref="CopyOptions.KeepGoing"/>.</summary>
    public IReadOnlyList<FailedImage> Failures { get; init; } = [];
}

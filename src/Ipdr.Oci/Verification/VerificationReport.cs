using Ipdr.Oci.Signatures;
using Ipdr.Oci.Verification.Repair;

namespace Ipdr.Oci.Verification;

/// <summary>All that verification of one target found. The same target gives the same report, on any number of cores.</summary>
/// <param name="Target">The target as it was given.</param>
/// <param name="Root">What was checked, as a tree.</param>
public sealed record VerificationReport(string Target, CheckedItem Root)
{
    /// <summary>Layers were not decompressed, so neither DiffIds nor what is in layers was checked.</summary>
    public bool Quick { get; init; }

    /// <summary>Blobs and documents whose bytes were hashed.</summary>
    public int Blobs { get; init; }

    /// <summary>Bytes hashed, as stored.</summary>
    public long Bytes { get; init; }

    /// <summary>What was put in its place before the verification.</summary>
    public IReadOnlyList<RepairedContent> Repaired { get; init; } = [];

    /// <summary>The images of the target, and who has signed them; null where <see cref="VerificationOptions.Keys"/> has no keys, or they could not be looked for.</summary>
    public IReadOnlyList<SignedImage>? SignedImages { get; init; }

    /// <summary>What the target lacks, as far as it is known.</summary>
    internal IReadOnlyList<WantedContent> Wanted { get; init; } = [];

    /// <summary>Everything that was found, in the order of the tree.</summary>
    public IReadOnlyList<Finding> Findings { get; } = [.. Root.WithDescendants().SelectMany(item => item.Findings)];

    /// <summary>Findings of one severity.</summary>
    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);

    /// <summary>No errors; with <paramref name="strict"/> no warnings either.</summary>
    public bool IsSound(bool strict = false) => Count(Severity.Error) == 0 && !(strict && Count(Severity.Warning) > 0);
}

using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Archives;

/// <summary>One reading of an archive: what <c>manifest.json</c> says, or what <c>index.json</c> says.</summary>
/// <param name="Roots">What is named, in the order of the document.</param>
/// <param name="Faults">What keeps the reading as a whole from being used.</param>
/// <param name="Warnings">What is odd and does no harm.</param>
internal sealed record ArchiveView(IReadOnlyList<ArchiveRoot> Roots, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings);

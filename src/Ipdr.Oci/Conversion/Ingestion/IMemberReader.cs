using Ipdr.Oci.Archives;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Reads members at any time, several side by side. Safe for several threads.</summary>
internal interface IMemberReader
{
    /// <summary>Opens a member's content from its start. The caller disposes of the stream.</summary>
    /// <exception cref="Faults.IpdrException">It cannot be read.</exception>
    ValueTask<Stream> OpenAsync(ArchiveMember member, CancellationToken cancellationToken);
}

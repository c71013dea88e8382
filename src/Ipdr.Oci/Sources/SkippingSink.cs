using Ipdr.Oci.Archives;

namespace Ipdr.Oci.Sources;

/// <summary>Takes nothing: only the names and documents of an archive are wanted.</summary>
internal sealed class SkippingSink : IMemberSink
{
    public ValueTask AcceptAsync(ArchiveMember member, ArchiveMember first, PeekedStream body, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

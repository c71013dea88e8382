namespace Ipdr.Oci.Archives;

/// <summary>Takes the content of members that are no documents while the archive passes.</summary>
internal interface IMemberSink
{
    /// <summary>Reads <paramref name="body"/> as far as it likes before it returns; what is left is skipped.</summary>
    /// <param name="member">The member that the archive is at.</param>
    /// <param name="first">The first member of that name; the same object unless the name occurred before.</param>
    /// <param name="body">The member's content.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    ValueTask AcceptAsync(ArchiveMember member, ArchiveMember first, PeekedStream body, CancellationToken cancellationToken);
}

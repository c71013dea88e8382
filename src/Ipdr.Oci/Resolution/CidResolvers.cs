using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Resolution;

/// <summary>Several resolvers, asked in their order: the first that knows a name answers.</summary>
/// <param name="resolvers">The resolvers.</param>
public sealed class CidResolvers(IReadOnlyList<ICidResolver> resolvers) : ICidResolver
{
    private const string FilePrefix = "file:";

    /// <summary>The directories on the disk among them.</summary>
    public IEnumerable<FolderResolver> Folders => resolvers.OfType<FolderResolver>();

    /// <summary>Makes a resolver of what people write: <c>file:DIR</c>, <c>/ipfs/CID[/path]</c>, or a domain that has a DNSLink.</summary>
    /// <param name="text">The text.</param>
    /// <param name="blocks">Where blocks of directories on IPFS are.</param>
    /// <param name="records">Looks TXT records up; null for the system's name servers.</param>
    /// <param name="clock">Tells when a TTL has ended; null for the system's.</param>
    /// <exception cref="IpdrException">It is none of them; <see cref="FaultCode.BadName"/>.</exception>
    public static ICidResolver Parse(string text, IBlockSource blocks, ITextRecordSource? records = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > FilePrefix.Length && text.StartsWith(FilePrefix, StringComparison.Ordinal))
            return new FolderResolver(Path.GetFullPath(text[FilePrefix.Length..]));
        if (text.StartsWith("/ipfs/", StringComparison.Ordinal) && ContentPath.TryParse(text, null, out ContentPath? path))
            return new DagResolver(path, blocks);
        string domain = text.StartsWith(DnsLinkRecord.Names, StringComparison.Ordinal) ? text[DnsLinkRecord.Names.Length..].TrimEnd('/') : text;
        if (domain.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(domain) == UriHostNameType.Dns)
            return new DnsLinkResolver(domain.ToLowerInvariant(), records ?? new DnsTextRecords(), blocks, clock ?? TimeProvider.System);
        throw new IpdrException(new Fault(FaultCode.BadName, $"\"{text}\" is no place where names become CIDs", "--cid-resolver", "Write file:DIR, /ipfs/CID, or a domain with a DNSLink."));
    }

    /// <inheritdoc/>
    /// <remarks>One that cannot be asked does not keep the others from answering; only where none of them knows the name its failure is told.</remarks>
    public async ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default)
    {
        IpdrException? failure = null;
        foreach (ICidResolver resolver in resolvers)
        {
            try
            {
                if (await resolver.ResolveAsync(repository, tag, cancellationToken).ConfigureAwait(false) is { } cid)
                    return cid;
            }
            catch (IpdrException e)
            {
                failure ??= e;
            }
        }
        return failure is null ? null : throw failure;
    }

    /// <inheritdoc/>
    /// <remarks>One that cannot be asked has no tags to give.</remarks>
    public async ValueTask<IReadOnlyList<Tag>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default)
    {
        SortedSet<string> tags = new(StringComparer.Ordinal);
        foreach (ICidResolver resolver in resolvers)
        {
            try
            {
                tags.UnionWith((await resolver.ListTagsAsync(repository, cancellationToken).ConfigureAwait(false)).Select(tag => tag.ToString()));
            }
            catch (IpdrException)
            {
                // Who asks it for a name is told why; a list is as long as it can be.
            }
        }
        return [.. tags.Select(tag => Tag.Parse(tag))];
    }
}

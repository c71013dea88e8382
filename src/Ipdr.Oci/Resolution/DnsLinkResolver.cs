using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Resolution;

/// <summary>A directory of names on IPFS that a domain points to (dnslink.dev). It is looked up again when the record's TTL has ended.</summary>
/// <param name="domain">The domain.</param>
/// <param name="records">Looks the records up.</param>
/// <param name="blocks">Where the directory's blocks are.</param>
/// <param name="clock">Tells when a TTL has ended.</param>
public sealed class DnsLinkResolver(string domain, ITextRecordSource records, IBlockSource blocks, TimeProvider clock) : ICidResolver
{
    // Links may lead to links; this is what IPFS nodes follow.
    private const int MaxSteps = 32;

    // A TTL of 0 must not mean a look-up for every request, and one of years not that a mistake stays.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private Known? _known;
    private Failure? _failure;
    private Task<Known>? _looking;

    /// <inheritdoc/>
    public async ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default)
    {
        DagResolver names = await LookAsync(cancellationToken).ConfigureAwait(false);
        return await names.ResolveAsync(repository, tag, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tag>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default)
    {
        DagResolver names = await LookAsync(cancellationToken).ConfigureAwait(false);
        return await names.ListTagsAsync(repository, cancellationToken).ConfigureAwait(false);
    }

    // One look-up serves all who wait for it.
    private async ValueTask<DagResolver> LookAsync(CancellationToken cancellationToken)
    {
        Task<Known> looking;
        lock (_lock)
        {
            if (_known is { } known && IsFresh(known))
                return known.Names;
            // Who cannot be asked is not asked again for every request.
            if (_failure is { } failure && clock.GetElapsedTime(failure.Since) < Shortest)
                throw new IpdrException(failure.Fault);
            looking = _looking = _looking is { IsCompleted: false } running ? running : LookUpAsync();
        }
        return (await looking.WaitAsync(cancellationToken).ConfigureAwait(false)).Names;
    }

    private bool IsFresh(Known known) => clock.GetElapsedTime(known.Since) < known.Lifetime;

    private async Task<Known> LookUpAsync()
    {
        try
        {
            (ContentPath path, TimeSpan lifetime) = await FollowAsync(CancellationToken.None).ConfigureAwait(false);
            Known found = new(new DagResolver(path, blocks), clock.GetTimestamp(), lifetime);
            lock (_lock)
                (_known, _failure) = (found, null);
            return found;
        }
        catch (IpdrException e)
        {
            lock (_lock)
                _failure = new Failure(e.Fault, clock.GetTimestamp());
            throw;
        }
    }

    private async Task<(ContentPath Path, TimeSpan Lifetime)> FollowAsync(CancellationToken cancellationToken)
    {
        TimeSpan lifetime = Longest;
        string name = domain, rest = "";
        for (int step = 0; step < MaxSteps; step++)
        {
            TextRecords found = await records.LookUpAsync($"_dnslink.{name}", cancellationToken).ConfigureAwait(false);
            lifetime = TimeSpan.FromTicks(Math.Clamp(found.Lifetime.Ticks, Shortest.Ticks, lifetime.Ticks));
            string link = DnsLinkRecord.Pick(found.Texts, name) + rest;
            if (!link.StartsWith(DnsLinkRecord.Names, StringComparison.Ordinal))
                return (ContentPath.TryParse(link, null, out ContentPath? path) ? path : throw DnsLinkRecord.Bad(name, link), lifetime);
            // /ipns/NAME/rest: the name is a domain again, and the rest of the path goes along.
            string target = link[DnsLinkRecord.Names.Length..];
            int slash = target.IndexOf('/', StringComparison.Ordinal);
            (name, rest) = slash < 0 ? (target, "") : (target[..slash], target[slash..].TrimEnd('/'));
            if (!name.Contains('.', StringComparison.Ordinal))
                throw new IpdrException(new Fault(FaultCode.NotFound, "the domain points to an IPNS key, and those are not looked up here", domain, "Point it to /ipfs/CID."));
        }
        throw new IpdrException(new Fault(FaultCode.Limit, $"the domain's links go on for more than {MaxSteps} steps", domain, "They lead in a circle: correct the records."));
    }

    private sealed record Failure(Fault Fault, long Since);

    private sealed record Known(DagResolver Names, long Since, TimeSpan Lifetime);
}

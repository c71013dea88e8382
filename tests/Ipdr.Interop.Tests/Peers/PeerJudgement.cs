using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Peers;

/// <summary>Collects what one peer says of one layout.</summary>
internal sealed class PeerJudgement(Peer peer)
{
    private readonly SortedSet<string> _limits = new(StringComparer.Ordinal);

    /// <summary>True if the peer accepted, false if it refused what it is known to refuse; any other refusal fails the test.</summary>
    public bool Accepted(ProgramResult result, LayoutTraits traits)
    {
        string? limit = PeerLimits.ReasonFor(peer, traits);
        if (result.Succeeded || limit is null)
            return result.OrFail().Succeeded;
        _limits.Add(limit);
        return false;
    }

    /// <summary>Skips the test, with the reasons, if the peer could not take all of the layout.</summary>
    public void Conclude() => Assert.SkipWhen(_limits.Count > 0, string.Join("; ", _limits));
}

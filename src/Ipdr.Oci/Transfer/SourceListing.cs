using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>The images of one source of many that have names of their own.</summary>
/// <param name="source">The source.</param>
/// <param name="known">What others have met with, and are told of.</param>
internal sealed class SourceListing(IImageSource source, MirrorFailures known)
{
    private readonly List<FailedImage> _failures = [];
    private readonly List<Fault> _warnings = [];

    public IImageSource Source => source;

    /// <summary>What is there, without what only refers to others or is no image; empty until it was read.</summary>
    public IReadOnlyList<SourceImage> Images { get; private set; } = [];

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<FailedImage> Failures => _failures;

    /// <summary>What is left out.</summary>
    public IReadOnlyList<Fault> Warnings => _warnings;

    /// <summary>Lists them.</summary>
    /// <param name="keepGoing">Note what fails instead of throwing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The source cannot be read.</exception>
    public async Task ReadAsync(bool keepGoing, CancellationToken cancellationToken)
    {
        if (known.Find(source) is { } lost)
        {
            _failures.Add(new FailedImage(source.Place, [lost], WasTried: false));
            return;
        }
        try
        {
            IReadOnlyList<SourceImage> all = keepGoing && source is RegistrySource { HasSeveral: true } registry ? await registry.ListSoundAsync(NoteAsync, cancellationToken).ConfigureAwait(false)
                : await source.ListAsync(cancellationToken).ConfigureAwait(false);
            // What only refers to others has no name of its own; asked for, it goes with the image.
            Images = await new ReferrerSearch(source, new ImageGraph(source)).LeaveOutAsync(OpaqueEntries.LeaveOut(all, source.Place, _warnings), cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (keepGoing)
        {
            _failures.Add(new FailedImage(source.Place, e.Faults, WasTried: true));
            await known.AddAsync(source, e.Fault, cancellationToken).ConfigureAwait(false);
        }

        // A registry that is gone is not asked for a thousand tags.
        async Task<bool> NoteAsync(SourceFailure failure, CancellationToken token)
        {
            await known.AddAsync(source, failure.Exception.Fault, token).ConfigureAwait(false);
            if (known.Find(source) is not null)
                return false;
            lock (_failures)
                _failures.Add(new FailedImage(failure.Image.Familiar, failure.Exception.Faults, WasTried: true));
            return true;
        }
    }
}

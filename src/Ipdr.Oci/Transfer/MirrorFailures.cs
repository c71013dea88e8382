using System.Collections.Concurrent;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Tells what a failure of one image of many means for the others: what would stop them too is not met with each of them.</summary>
/// <param name="options">How registries are talked to.</param>
internal sealed class MirrorFailures(RegistryOptions options)
{
    // Whoever may write nothing at all is refused by each repository, and their number is not known.
    private const int MaxRefusedAtFirst = 3;

    // A registry whose disk is full answers, and takes nothing; an image that it will not have is followed by one that it takes.
    private const int MaxInARow = 10;

    private readonly Dictionary<string, Fault> _refused = [];
    private readonly ConcurrentDictionary<string, Fault> _lost = [];
    private Fault? _destination;
    private bool _hasTaken;
    private int _inARow;

    /// <summary>What is known to stop an image, so that it need not be tried; null if nothing is.</summary>
    public Fault? Find(MirroredImage image) => _destination ?? (image.Repository is { } to ? _refused.GetValueOrDefault(to.Name) : null) ?? Find(image.Source);

    /// <summary>What is known to stop all images of a source.</summary>
    public Fault? Find(IImageSource source) => source.Repository is { } repository ? _lost.GetValueOrDefault(repository.Host) : null;

    /// <summary>An image is there.</summary>
    public void Succeeded() => (_hasTaken, _inARow) = (true, 0);

    /// <summary>Takes in why a source could not be listed.</summary>
    public async Task AddAsync(IImageSource source, Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Code != FaultCode.RegistryUnreachable || source.Repository is not { } from || _lost.ContainsKey(from.Host))
            return;
        // What stands on a plain web server need not answer this question, but answers.
        if (await RegistryHealth.FindFaultAsync(from, options, cancellationToken).ConfigureAwait(false) is { Code: FaultCode.RegistryUnreachable } lost)
            _lost[from.Host] = lost;
    }

    /// <summary>Takes in why an image could not be copied.</summary>
    /// <param name="image">The image.</param>
    /// <param name="isOfSource">Was it the source that failed?</param>
    /// <param name="fault">What went wrong.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddAsync(MirroredImage image, bool isOfSource, Fault fault, CancellationToken cancellationToken)
    {
        if (IsOfThisMachine(fault.Code) || (fault.Code == FaultCode.Io && !isOfSource))
            _destination = fault;
        else if (IsOfRegistry(fault.Code) && image.Repository is { } to && !isOfSource)
            _destination = await RegistryHealth.FindFaultAsync(to, options, cancellationToken).ConfigureAwait(false) ?? Weigh(to, fault);
        if (_destination is null)
            await AddAsync(image.Source, fault, cancellationToken).ConfigureAwait(false);
    }

    // The registry as such is well, and lets us in.
    private Fault? Weigh(ImageReference repository, Fault fault)
    {
        if (fault.Code == FaultCode.Unauthorized)
        {
            _refused[repository.Name] = fault;
            return !_hasTaken && _refused.Count >= MaxRefusedAtFirst ? fault : null;
        }
        return fault.Code == FaultCode.RegistryFailed && ++_inARow >= MaxInARow ? fault : null;
    }

    private static bool IsOfThisMachine(FaultCode code) => code is FaultCode.DiskFull or FaultCode.InUse or FaultCode.StoreDamaged or FaultCode.BadSettings or FaultCode.EngineUnreachable;

    private static bool IsOfRegistry(FaultCode code) => code is FaultCode.RegistryUnreachable or FaultCode.RegistryFailed or FaultCode.Unauthorized;
}

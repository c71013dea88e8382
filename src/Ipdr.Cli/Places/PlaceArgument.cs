using System.CommandLine;
using Ipdr.Cli.Commands;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Output;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Places;

/// <summary>Places of images on the command line.</summary>
internal static class PlaceArgument
{
    /// <summary>How they are written.</summary>
    public const string Spellings = "docker-archive:FILE[:REF], oci-archive:FILE[:REF], oci:DIR[:REF], registry-v2:DIR[:REPO:TAG], universal:DIR[:REF], dir:DIR, car:FILE, ipfs://CID, "
        + "docker-daemon:NAME, docker://HOST/REPO:TAG, store:NAME; - for an archive on a standard stream; "
        + "a path that is there is recognised by its content, a bare CID is IPFS, a bare name is asked of the container engine.";

    /// <summary>One place.</summary>
    public static Argument<ImagePlace> Create(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Choices.Parse<ImagePlace>(result, result.Tokens[^1].Value),
    };

    /// <summary>One place, or none.</summary>
    public static Argument<ImagePlace?> CreateOptional(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => Choices.Parse<ImagePlace>(result, result.Tokens[^1].Value),
    };

    /// <summary>Several places, at least one, of which another argument has the last.</summary>
    public static Argument<ImagePlace[]> CreateSeveral(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            int count = Math.Max(1, result.Tokens.Count - 1);
            ImagePlace[] places = [.. result.Tokens.Take(count).Select(token => Choices.Parse<ImagePlace>(result, token.Value)).OfType<ImagePlace>()];
            result.OnlyTake(count);
            return places;
        },
    };

    /// <summary>What it takes to open places from this process.</summary>
    /// <param name="observer">Is told of the progress.</param>
    /// <param name="registries">How registries are talked to.</param>
    /// <param name="blocks">Who is asked for what is in IPFS; null for nobody but the store.</param>
    public static PlaceOptions Options(IContentObserver? observer, RegistryOptions registries, PullSources? blocks = null) => new()
    {
        Observer = observer,
        Blocks = blocks is null ? null : blocks.OpenAsync,
        Registries = registries,
        RegistryHost = HostedRegistry.StartAsync,
        StandardInput = () => new StandardInputStream(),
        StandardOutput = () => new StandardOutputStream(readerMayLeave: false),
    };
}

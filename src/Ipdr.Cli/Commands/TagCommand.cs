using System.CommandLine;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr tag</c>: one more name for an image of the store.</summary>
internal static class TagCommand
{
    private static readonly Argument<RepositoryReference> Source = StoreNames.Argument("SRC", "The image: REPOSITORY[:TAG] or REPOSITORY@DIGEST.");

    private static readonly Argument<RepositoryReference> Target = StoreNames.Argument("NAME", "The new name: REPOSITORY[:TAG]. It moves here from an image that has it.");

    public static Command Create()
    {
        Command command = new("tag", "Give an image of the store one more name.") { Source, Target };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        RepositoryReference source = parsed.GetRequiredValue(Source), target = parsed.GetRequiredValue(Target);
        if (target.Tag is not { } tag)
            throw new UsageException($"{target} has a digest: the new name is a tag");
        using ContentStore store = ContentStore.OpenExisting(StoreHome.Locate());
        Digest digest = await StoreNames.ResolveAsync(store, source, cancellationToken).ConfigureAwait(false);
        bool tagged = source.Repository == target.Repository
            ? await store.TagAsync(source.Repository, digest, tag, cancellationToken).ConfigureAwait(false)
            : await store.CopyAsync(source.Repository, digest, target.Repository, tag, cancellationToken).ConfigureAwait(false);
        return tagged ? ExitCode.Done : throw new IpdrException(StoreNames.Absent(source));
    }
}

using System.CommandLine;
using Ipdr.Cli.Output.Reports;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr gc</c>: what nothing refers to leaves the disk.</summary>
internal static class CollectCommand
{
    private static readonly CollectionOptions Unchanged = new();

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Tell what would be removed; remove nothing." };

    private static readonly Option<bool> KeepUntagged = new("--keep-untagged") { Description = "Manifests without a tag stay, as for clients that pull by digest only." };

    // A hundred years: earlier than that there are no files, and far earlier no dates.
    private const int MaxDays = 36_525;

    private static readonly Option<int?> Grace = Choices.Number(
        "--grace", "Hours that content is kept which nothing refers to yet. Default: 24, since a running push names its blobs at its end.", 0, 24 * MaxDays, "HOURS");

    private static readonly Option<int?> CacheAge = Choices.Number(
        "--cache-age", $"Days that blocks from gateways are kept which nobody reads; 0 removes all. Default: {Unchanged.CacheAge.TotalDays}.", 0, MaxDays, "DAYS");

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the digests." };

    public static Command Create()
    {
        Command command = new("gc", "Remove from the store what no tag, index, subject, referrer, pin or running push needs. Servers may go on meanwhile.")
        {
            DryRun, KeepUntagged, Grace, CacheAge, Json, Silent,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        CollectionOptions options = new()
        {
            DryRun = parsed.GetValue(DryRun),
            KeepUntagged = parsed.GetValue(KeepUntagged),
            Grace = parsed.GetValue(Grace) is { } hours ? TimeSpan.FromHours(hours) : null,
            CacheAge = parsed.GetValue(CacheAge) is { } days ? TimeSpan.FromDays(days) : Unchanged.CacheAge,
        };
        using ContentStore store = ContentStore.OpenExisting(StoreHome.Locate());
        CollectionReport collected = await store.CollectAsync(options, cancellationToken).ConfigureAwait(false);
        CollectionReportWriter report = new(Console.Out);
        if (parsed.GetValue(Json))
            report.WriteJson(collected, options.DryRun);
        else if (parsed.GetValue(Silent))
            report.WriteDigests(collected);
        else
            report.WriteText(collected, options.DryRun);
        return ExitCode.Done;
    }
}

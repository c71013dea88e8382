using System.CommandLine;
using Ipdr.Cli.Output;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr gc</c>: what nothing refers to leaves the disk.</summary>
internal static class CollectCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Tell what would be removed; remove nothing." };

    private static readonly Option<bool> KeepUntagged = new("--keep-untagged") { Description = "Manifests without a tag stay, as for clients that pull by digest only." };

    private static readonly Option<int?> Grace = new("--grace")
    {
        Description = "Hours that content is kept which nothing refers to yet. Default: 24, since a running push names its blobs at its end.",
        HelpName = "HOURS",
    };

    private static readonly Option<int> CacheAge = new("--cache-age")
    {
        Description = "Days that blocks from gateways are kept which nobody reads; 0 removes all. Default: 30.",
        HelpName = "DAYS",
        DefaultValueFactory = _ => 30,
    };

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
        int? hours = parsed.GetValue(Grace);
        if (hours < 0)
            throw new UsageException($"--grace {hours} is negative");
        int days = parsed.GetValue(CacheAge);
        if (days < 0)
            throw new UsageException($"--cache-age {days} is negative");
        CollectionOptions options = new()
        {
            DryRun = parsed.GetValue(DryRun),
            KeepUntagged = parsed.GetValue(KeepUntagged),
            Grace = hours is { } given ? TimeSpan.FromHours(given) : null,
            CacheAge = TimeSpan.FromDays(days),
        };
        using ContentStore store = ContentStore.Open(StoreHome.Locate());
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

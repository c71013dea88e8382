using System.CommandLine;
using Ipdr.Cli.Output.Reports;
using Ipdr.Cli.Places;
using Ipdr.Cli.Progress;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr list</c>: what is in the store, or in another place.</summary>
internal static class ListCommand
{
    private static readonly Argument<ImagePlace?> Place = PlaceArgument.CreateOptional(
        "PLACE", "List the names in another place than the store: docker://HOST/REPO, whose tags are listed, or a layout, archive, …, written as for ipdr copy.");

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the names." };

    public static Command Create()
    {
        Command command = new("list", "List the images of the store ($IPDR_HOME, else the XDG data directory), the tags of a registry's repository, or the images of a layout or archive.")
        {
            Place, RegistryArguments.Insecure, RegistryArguments.AuthFile, Json, Silent,
        };
        BlockOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Place) is { } place)
            await ListAsync(parsed, place, cancellationToken).ConfigureAwait(false);
        else
            ListStore(parsed);
        return ExitCode.Done;
    }

    private static async Task ListAsync(ParseResult parsed, ImagePlace place, CancellationToken cancellationToken)
    {
        LogLevel logLevel = parsed.GetValue(Silent) ? LogLevel.Warning : parsed.GetValue(GlobalOptions.LogLevel);
        ProgressDisplay display = ProgressDisplay.Create(logLevel, perFile: false);
        await using (display.ConfigureAwait(false))
        {
            PlaceOptions options = PlaceArgument.Options(display.Observer, RegistryArguments.Read(parsed), BlockOptions.Read(parsed, logLevel));
            IAsyncEnumerable<ListedImage> images = ImageLister.ListAsync(place, options, cancellationToken);
            PlaceListReport report = new(Console.Out);
            if (parsed.GetValue(Json))
                await report.WriteJsonAsync(place, images).ConfigureAwait(false);
            else
                await report.WriteNamesAsync(images).ConfigureAwait(false);
        }
    }

    private static void ListStore(ParseResult parsed)
    {
        using ContentStore? store = ContentStore.TryOpen(StoreHome.Locate());
        ImageListReport report = new(Console.Out);
        IReadOnlyList<StoredImage> images = store?.ListImages() ?? [];
        if (parsed.GetValue(Json))
            report.WriteJson(images);
        else if (parsed.GetValue(Silent))
            report.WriteNames(images);
        else if (store is not null)
            report.WriteTable(images);
    }
}

using System.CommandLine;
using Ipdr.Cli.Output.Reports;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr list</c>: what is in the store.</summary>
internal static class ListCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the names." };

    public static Command Create()
    {
        Command command = new("list", "List the images of the store ($IPDR_HOME, else the XDG data directory).") { Json, Silent };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        using ContentStore store = ContentStore.Open(StoreHome.Locate());
        ImageListReport report = new(Console.Out);
        IReadOnlyList<StoredImage> images = store.ListImages();
        if (parsed.GetValue(Json))
            report.WriteJson(images);
        else if (parsed.GetValue(Silent))
            report.WriteNames(images);
        else
            report.WriteTable(images);
        return ExitCode.Done;
    }
}

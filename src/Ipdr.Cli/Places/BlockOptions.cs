using System.CommandLine;
using Ipdr.Cli.Commands;
using Ipdr.Oci.Gateways;

namespace Ipdr.Cli.Places;

/// <summary>Who is asked for blocks of IPFS, on the command line.</summary>
internal static class BlockOptions
{
    private static readonly Option<string[]> From = new Option<string[]>("--from", "--ipfs-gateway")
    {
        Description = "Who has it; may be repeated, then blocks are spread over all. The URL of a gateway, kubo[=ADDRESS] for an IPFS daemon, or car:FILE. Nobody is trusted. Default: the store, and the daemon of this machine if it runs.",
        HelpName = "URL",
        Arity = ArgumentArity.OneOrMore,
    }.Readable(PullSources.Require);

    private static readonly Option<string[]> Routing = new Option<string[]>("--routing")
    {
        Description = "Who knows who has it: the URL of a delegated routing server; may be repeated.",
        HelpName = "URL",
        Arity = ArgumentArity.OneOrMore,
    }.Readable(text => GatewayAddress.Parse(text));

    private static readonly Option<string?> IpfsHost = KuboOptions.Host();

    /// <summary>Adds them to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(From);
        command.Options.Add(Routing);
        command.Options.Add(IpfsHost);
    }

    /// <summary>What was said of them.</summary>
    public static PullSources Read(ParseResult parsed, LogLevel logLevel) =>
        new(parsed.GetValue(From) ?? [], parsed.GetValue(Routing) ?? [], parsed.GetValue(IpfsHost), new SourceNotes(Console.Error, logLevel));
}

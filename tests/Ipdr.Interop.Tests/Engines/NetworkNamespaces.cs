using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Engines;

/// <summary>Two machines with a cable between them, as network namespaces.</summary>
internal sealed class NetworkNamespaces : IAsyncDisposable
{
    private static readonly string Unique = $"ipdr{Environment.ProcessId % 100_000}";

    private readonly ExternalProgram _ip;

    private NetworkNamespaces(ExternalProgram ip) => _ip = ip;

    public static string AddressOfA => "10.213.77.1";

    private static string A => $"{Unique}a";

    private static string B => $"{Unique}b";

    /// <summary>Makes them; without root or the means for it the running test is skipped.</summary>
    public static async Task<NetworkNamespaces> CreateAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        NetworkNamespaces network = new(ExternalProgram.Require("ip"));
        ProgramResult made = await network._ip.RunAsync("netns", "add", A);
        Assert.SkipUnless(made.Succeeded, $"no network namespaces can be made here: {made.Errors.Trim()}");
        try
        {
            foreach (string command in (string[])
                [
                    $"netns add {B}", $"link add {A} netns {A} type veth peer name {B} netns {B}",
                    $"-n {A} addr add {AddressOfA}/24 dev {A}", $"-n {B} addr add 10.213.77.2/24 dev {B}",
                    $"-n {A} link set {A} up", $"-n {B} link set {B} up", $"-n {A} link set lo up", $"-n {B} link set lo up",
                ])
            {
                ProgramResult result = await network._ip.RunAsync(command.Split(' '));
                Assert.SkipUnless(result.Succeeded, $"no cable can be laid here: {result.Errors.Trim()}");
            }
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the cable slow, where that can be done.</summary>
    public async Task LimitAsync(string rate)
    {
        if (ExternalProgram.Find("tc") is { } tc)
            _ = await new ExternalProgram(tc).RunAsync("-n", A, "qdisc", "add", "dev", A, "root", "tbf", "rate", rate, "burst", "64kb", "latency", "50ms");
    }

    /// <summary>A program on machine A.</summary>
    public ExternalProgram OnA(ExternalProgram program) => On(A, program);

    /// <summary>A program on machine B.</summary>
    public ExternalProgram OnB(ExternalProgram program) => On(B, program);

    public async ValueTask DisposeAsync()
    {
        await _ip.RunAsync("netns", "del", A);
        await _ip.RunAsync("netns", "del", B);
    }

    private ExternalProgram On(string machine, ExternalProgram program) => _ip with
    {
        Prefix = ["netns", "exec", machine, program.Path, .. program.Prefix],
        Environment = program.Environment,
    };
}

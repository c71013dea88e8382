using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary><c>ipdr car</c> as a process, on CARs that go-car wrote or that are broken.</summary>
public sealed class CarCommandTests : IDisposable
{
    private const string Root = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";

    private readonly string _folder = Directory.CreateTempSubdirectory("ipdr-cli-").FullName;

    [Theory]
    [InlineData("carv1", 1)]
    [InlineData("carv2-multihash-index-sorted", 2)]
    public async Task A_sound_car_is_verified_listed_and_unpacked(string sample, int version)
    {
        string car = Write(sample);
        (int code, string output, _) = await IpdrProcess.RunAsync("car", "verify", car, "--json");
        Assert.Equal(0, code);
        using (JsonDocument report = JsonDocument.Parse(output))
        {
            Assert.True(report.RootElement.GetProperty("sound").GetBoolean());
            Assert.Equal((version, 3, Root), (report.RootElement.GetProperty("version").GetInt32(), report.RootElement.GetProperty("blocks").GetInt32(), report.RootElement.GetProperty("roots")[0].GetString()));
        }
        (code, output, _) = await IpdrProcess.RunAsync("car", "ls", car);
        Assert.Equal((0, $"{Root}              5  .{Environment.NewLine}"), (code, output));
        (code, output, _) = await IpdrProcess.RunAsync("car", "unpack", car, "-o", Path.Combine(_folder, "out"), "-s");
        Assert.Equal((0, Root + Environment.NewLine), (code, output));
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(_folder, "out"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_document_that_is_asked_for_is_printed_by_the_silent_too()
    {
        string car = Write("carv1");
        string[][] commands = [["car", "verify", car], ["car", "unpack", car, "-o", Path.Combine(_folder, "out")], ["verify", "car:" + car]];
        foreach (string[] command in commands)
        {
            using JsonDocument document = JsonDocument.Parse((await IpdrProcess.RunAsync([.. command, "--json", "-s"])).Output);
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        }
    }

    [Fact]
    public async Task A_car_may_come_through_a_pipe()
    {
        byte[] car = await File.ReadAllBytesAsync(Write("carv1"), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await IpdrProcess.RunAsync(car, "car", "verify", "-", "-s")).Code);
        (int code, string output, _) = await IpdrProcess.RunAsync(car, "car", "ls", "-", "--json");
        using JsonDocument list = JsonDocument.Parse(output);
        Assert.Equal((0, 5), (code, list.RootElement.GetProperty("entries")[0].GetProperty("size").GetInt32()));
        Assert.Equal(0, (await IpdrProcess.RunAsync(car, "car", "unpack", "-", "-o", Path.Combine(_folder, "out"))).Code);
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(_folder, "out"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("bad-hash", "digest-mismatch")]
    [InlineData("truncated-in-block", "truncated")]
    [InlineData("section-too-long", "limit")]
    [InlineData("version-3", "bad-car")]
    [InlineData("empty", "bad-car")]
    [InlineData("root-absent", "missing-block")]
    public async Task A_broken_car_gives_exit_code_1_a_message_and_no_file(string id, string fault)
    {
        string car = Write(id);
        (int code, string output, string error) = await IpdrProcess.RunAsync("car", "verify", car);
        Assert.Equal((1, ""), (code, error));
        Assert.Contains($"[{fault}]", output, StringComparison.Ordinal);
        (code, output, error) = await IpdrProcess.RunAsync("car", "unpack", car, "-o", Path.Combine(_folder, "out"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"[{fault}]", error, StringComparison.Ordinal);
        Assert.Equal([car], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Without_a_root_in_the_car_it_has_to_be_said()
    {
        string car = Write("empty-roots");
        Assert.Equal(1, (await IpdrProcess.RunAsync("car", "ls", car)).Code);
        Assert.Equal(0, (await IpdrProcess.RunAsync("car", "ls", car, "--root", Root)).Code);
        Assert.Equal(1, (await IpdrProcess.RunAsync("car", "ls", car, "--root", $"{Root}/below")).Code);
    }

    [Theory]
    [InlineData("car")]
    [InlineData("car", "unpack", "x.car")]
    [InlineData("car", "ls", "x.car", "--root", "nonsense")]
    [InlineData("car", "burn", "x.car")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments) =>
        Assert.Equal(2, (await IpdrProcess.RunAsync(arguments)).Code);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string id)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ipdr.sln")))
            folder = folder.Parent;
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder!.FullName, "tests", "fixtures", "vectors", "car.json")));
        JsonElement car = vectors.RootElement.GetProperty("samples").EnumerateArray().Concat(vectors.RootElement.GetProperty("malformed").EnumerateArray())
            .Single(car => car.GetProperty("id").GetString() == id);
        string path = Path.Combine(_folder, $"{id}.car");
        File.WriteAllBytes(path, Convert.FromHexString(car.GetProperty("hex").GetString()!));
        return path;
    }
}

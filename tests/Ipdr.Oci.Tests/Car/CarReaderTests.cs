using System.IO.Pipelines;
using System.Text.Json;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.Tar;

namespace Ipdr.Oci.Tests.Car;

public sealed class CarReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<FeedKind> Kinds => Feed.Kinds;

    public static TheoryData<string> Malformed => CarVectors.Malformed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_go_car_writes_is_read()
    {
        JsonElement sample = CarVectors.Named("samples", "carv1");
        CarReading reading = await CarReading.OfAsync(CarVectors.Bytes(sample));

        Assert.Null(reading.Fault);
        Assert.Equal((CarVersion.V1, sample.GetProperty("roots")[0].GetString()), (reading.Header!.Version, reading.Header.Roots.Single().ToString()));
        Assert.Equal(
            sample.GetProperty("blocks").EnumerateArray().Select(block => (block.GetProperty("cid").GetString(), block.GetProperty("sectionOffset").GetInt64(), block.GetProperty("dataHex").GetString())),
            reading.Blocks.Select(block => ((string?)block.Cid.ToString(), block.Offset, (string?)block.Data)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Both_versions_give_the_same_blocks_however_the_bytes_arrive(FeedKind kind)
    {
        CarReading v1 = await CarReading.OfAsync(CarVectors.Sample("carv1")), v2 = await CarReading.OfAsync(CarVectors.Sample("carv2-multihash-index-sorted"), kind);

        Assert.Null(v2.Fault);
        Assert.Equal((CarVersion.V2, v1.Header!.Roots.Single()), (v2.Header!.Version, v2.Header.Roots.Single()));
        Assert.Equal(v1.Blocks.Select(block => (block.Cid, block.Offset + 51, block.Data)), v2.Blocks);
        Assert.Equal(v1.ToString(), (await CarReading.OfAsync(CarVectors.Sample("carv1"), kind)).ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Blocks_in_memory_of_their_own_are_the_same(FeedKind kind)
    {
        foreach (byte[] bytes in (byte[][])[CarVectors.Sample("carv1"), CarVectors.Sample("carv2-multihash-index-sorted"), await LargeAsync()])
        {
            await using Feed feed = Feed.Open(kind, bytes);
            Assert.Equal((await CarReading.OfAsync(bytes)).ToString(), (await CarReading.OfOwnedAsync(feed.Input.AsStream(leaveOpen: true))).ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_fault_is_the_same_for_blocks_in_memory_of_their_own(string id)
    {
        byte[] bytes = CarVectors.Bytes(CarVectors.Named("malformed", id));
        string expected = (await CarReading.OfAsync(bytes)).ToString();
        Assert.Equal(expected, (await CarReading.OfOwnedAsync(new MemoryStream(bytes))).ToString());
        Assert.Equal(expected, (await CarReading.OfOwnedAsync(new DrippingStream(bytes))).ToString());
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_car_is_refused_or_read_as_the_vector_says(string id)
    {
        JsonElement vector = CarVectors.Named("malformed", id);
        byte[] bytes = CarVectors.Bytes(vector);
        CarReading reading = await CarReading.OfAsync(bytes);
        bool isRefused = vector.GetProperty("expect").GetString() == "reject";

        Assert.Equal(isRefused, reading.Fault is not null);
        Assert.Equal(reading.ToString(), (await CarReading.OfAsync(bytes, FeedKind.OneByteASegment)).ToString());
        CarReport report = await VerifyAsync(bytes);
        Assert.True(report.Faults.Count > 0 || id == "empty-roots");
        if (isRefused)
            Assert.Contains(reading.Fault, report.Faults);
        else if (id is "root-absent" or "header-only")
            Assert.Equal(FaultCode.MissingBlock, report.Faults.Single().Code);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_file_that_is_malformed_is_refused_when_it_is_opened(string id)
    {
        JsonElement vector = CarVectors.Named("malformed", id);
        await File.WriteAllBytesAsync(_folder.File("car"), CarVectors.Bytes(vector), Token);
        if (vector.GetProperty("expect").GetString() != "reject" || id == "bad-hash")
            (await CarFile.OpenAsync(_folder.File("car"), cancellationToken: Token)).Dispose();
        else
            await Assert.ThrowsAsync<CarFormatException>(() => CarFile.OpenAsync(_folder.File("car"), cancellationToken: Token));
    }

    [Theory]
    [InlineData("truncated-in-block", FaultCode.Truncated, 143)]
    [InlineData("truncated-in-cid", FaultCode.Truncated, 59)]
    [InlineData("bad-hash", FaultCode.DigestMismatch, 59)]
    [InlineData("section-too-long", FaultCode.Limit, 59)]
    [InlineData("nonminimal-length", FaultCode.BadCar, 59)]
    [InlineData("version-3", FaultCode.BadCar, 0)]
    [InlineData("header-too-long", FaultCode.BadCar, 0)]
    [InlineData("empty", FaultCode.BadCar, 0)]
    public async Task A_fault_says_at_which_byte(string id, FaultCode code, int offset)
    {
        Fault? fault = (await CarReading.OfAsync(CarVectors.Bytes(CarVectors.Named("malformed", id)))).Fault;
        Assert.Equal((code, $"byte {offset}"), (fault?.Code, fault?.Where.Split(Fault.PlaceSeparator)[0]));
    }

    [Theory]
    [InlineData("carv1")]
    [InlineData("carv2-multihash-index-sorted")]
    public async Task A_car_cut_off_anywhere_gives_what_stands_before_the_cut(string id)
    {
        byte[] bytes = CarVectors.Sample(id);
        CarReading whole = await CarReading.OfAsync(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            CarReading cut = await CarReading.OfAsync(bytes[..length]);
            Assert.Equal(whole.Blocks.Take(cut.Blocks.Count), cut.Blocks);
            bool isBetween = id == "carv1" ? whole.Blocks.Select(block => block.Offset).Contains(length) : length >= 51 + 218;
            Assert.True(isBetween ? cut.Fault is null : cut.Fault is { Code: FaultCode.Truncated } || length == 0, $"{length}: {cut.Fault}");
            Assert.Equal(cut.ToString(), (await CarReading.OfAsync(bytes[..length], FeedKind.OneByteASegment)).ToString());
        }
    }

    [Fact]
    public async Task A_length_of_two_gigabytes_is_refused_without_memory_for_it()
    {
        byte[] bytes = [.. CarVectors.Sample("carv1").AsSpan(0, 59), 0x80, 0x80, 0x80, 0x80, 0x08, 1, 0x55];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fault? fault = (await CarReading.OfAsync(bytes)).Fault;
        Assert.Equal((FaultCode.Limit, "byte 59"), (fault?.Code, fault?.Where));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task The_space_before_the_payload_is_gone_over()
    {
        byte[] v1 = CarVectors.Sample("carv1"), v2 = CarVectors.Sample("carv2-multihash-index-sorted");
        byte[] padded = [.. v2.AsSpan(0, 51), .. new byte[1000], .. v1, .. new byte[10]];
        BitConverter.TryWriteBytes(padded.AsSpan(27), 1051L);
        BitConverter.TryWriteBytes(padded.AsSpan(43), 0L);
        CarReading reading = await CarReading.OfAsync(padded);
        Assert.Null(reading.Fault);
        Assert.Equal(1051 + 59, reading.Blocks[0].Offset);
        Assert.Empty((await VerifyAsync(padded)).Faults);
    }

    [Fact]
    public async Task Limits_are_kept_to_the_byte()
    {
        byte[] bytes = CarVectors.Sample("carv1");
        int largest = (await CarReading.OfAsync(bytes)).Blocks.Max(block => block.Data.Length / 2);
        Assert.Null((await CarReading.OfAsync(bytes, limits: new CarLimits { MaxBlockBytes = largest })).Fault);
        Assert.Equal(FaultCode.Limit, (await CarReading.OfAsync(bytes, limits: new CarLimits { MaxBlockBytes = largest - 1 })).Fault?.Code);
        Assert.Null((await CarReading.OfAsync(bytes, limits: new CarLimits { MaxHeaderBytes = 58 })).Fault);
        Assert.Equal(FaultCode.BadCar, (await CarReading.OfAsync(bytes, limits: new CarLimits { MaxHeaderBytes = 57 })).Fault?.Code);
        await File.WriteAllBytesAsync(_folder.File("car"), bytes, Token);
        await Assert.ThrowsAsync<CarFormatException>(() => CarFile.OpenAsync(_folder.File("car"), new CarLimits { MaxBlocks = 2 }, Token));
        Assert.Equal(FaultCode.Limit, (await CarVerifier.VerifyAsync(_folder.File("car"), new CarLimits { MaxBlocks = 2 }, cancellationToken: Token)).Faults[0].Code);
    }

    public void Dispose() => _folder.Dispose();

    // Blocks that are larger than any buffer a head is read into, with a small one between and an empty one at the end.
    private async Task<byte[]> LargeAsync()
    {
        byte[][] blocks = [[.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))], [1, 2, 3], [.. Enumerable.Range(0, 40_000).Select(i => (byte)(i * 13))], []];
        Cid[] cids = [.. blocks.Select(block => Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, block)))];
        await using MemoryStream car = new();
        PipeWriter output = PipeWriter.Create(car);
        await output.WriteAsync(CarHeaderCodec.Encode(cids[0]), Token);
        foreach ((Cid cid, byte[] block) in cids.Zip(blocks))
        {
            output.Advance(CarSection.WriteHead(output.GetSpan(CarSection.MaxHeadLength), cid, block.Length));
            await output.WriteAsync(block, Token);
        }
        await output.CompleteAsync();
        return car.ToArray();
    }

    private async Task<CarReport> VerifyAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(_folder.File("car"), bytes, Token);
        return await CarVerifier.VerifyAsync(_folder.File("car"), cancellationToken: Token);
    }
}

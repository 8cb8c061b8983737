using System.Text;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Media;

namespace AfirGen.Tests.Media;

/// <summary>The real Tesseract. Without it these tests fail: apt-get install tesseract-ocr tesseract-ocr-hin.</summary>
public sealed class TesseractTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_english_letter_is_read()
    {
        await using var stack = await MediaStack.StartAsync();

        var text = await ReadAsync(stack, Fixture.Image("english.png"));

        Assert.Equal("My bicycle was stolen\nfrom the railway station.", text);
    }

    [Fact, Trait("Defect", "D-07")]
    public async Task A_hindi_letter_is_read_in_hindi()
    {
        await using var stack = await MediaStack.StartAsync();

        Assert.Equal("चोरी का मामला", await ReadAsync(stack, Fixture.Image("hindi.png")));
    }

    [Fact]
    public async Task A_language_without_data_is_left_out()
    {
        await using var stack = await MediaStack.StartAsync(("TesseractLanguages", "eng+xxx"));

        Assert.StartsWith("My bicycle", await ReadAsync(stack, Fixture.Image("english.png")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_none_of_the_wanted_languages_english_is_used()
    {
        await using var stack = await MediaStack.StartAsync(("TesseractLanguages", "xxx"));

        Assert.StartsWith("My bicycle", await ReadAsync(stack, Fixture.Image("english.png")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_without_words_is_unreadable_and_nobodys_failure()
    {
        await using var stack = await MediaStack.StartAsync();

        var problem = await Assert.ThrowsAsync<MediaUnreadableException>(() => ReadAsync(stack, Fixture.Image("blank.png")));

        Assert.Contains("No words were found in the image", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, stack.Breaker.Status.FailureCount);
    }

    [Fact]
    public async Task A_damaged_image_is_unreadable_and_nobodys_failure()
    {
        await using var stack = await MediaStack.StartAsync();

        var problem = await Assert.ThrowsAsync<MediaUnreadableException>(() => ReadAsync(stack, Fixture.Image("english.png")[..300]));

        Assert.Contains("damaged", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, stack.Breaker.Status.FailureCount);
    }

    [Fact]
    public async Task A_list_of_paths_in_place_of_an_image_is_not_followed()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, Fixture.Image("english.png"), Cancellation);
        await using var stack = await MediaStack.StartAsync();

        await Assert.ThrowsAsync<MediaUnreadableException>(() => ReadAsync(stack, Encoding.UTF8.GetBytes(path + "\n")));
        File.Delete(path);
    }

    [Fact]
    public async Task An_installed_tesseract_is_probed_as_working_and_a_missing_one_is_not_configured()
    {
        await using var installed = await MediaStack.StartAsync();
        await using var missing = await MediaStack.StartAsync(("TesseractPath", "/nowhere/tesseract"));

        Assert.True(installed.Probe.Configured && await installed.Probe.ProbeAsync(Cancellation));
        Assert.False(missing.Probe.Configured);
    }

    private static Task<string> ReadAsync(MediaStack stack, byte[] image) =>
        stack.Reader.ReadAsync(ComplaintSource.Image, "image/png", image, Cancellation);
}

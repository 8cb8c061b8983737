using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>The whole job without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium)
{
    private const int FurthestElement = 150;

    [Fact]
    public async Task An_officer_signs_in_writes_corrects_approves_registers_and_opens_the_print_with_the_keyboard_alone()
    {
        await using var stack = await PageStack.StartAsync();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address);
        var (page, desk) = (tab.Page, new ReviewDesk(tab));
        await page.GotoAsync("/");
        await page.Locator("#key:focus").WaitForAsync();
        await page.Keyboard.InsertTextAsync(PageStack.Registrar);
        await page.Keyboard.PressAsync("Enter");

        await page.Locator("#complaint[data-ready]").WaitForAsync();
        await TabToAsync(page, "#text");
        await page.Keyboard.InsertTextAsync(Complaints.Theft);
        await TabToAsync(page, "#send");
        await page.Keyboard.PressAsync("Enter");
        await desk.ReviewOpensAsync();

        await TabToAsync(page, "summary");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "#correction");
        await page.Keyboard.InsertTextAsync("Nationality: Indian");
        await TabToAsync(page, "#send-correction");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#said.done")).ToBeVisibleAsync();
        for (var step = 0; step < Journey.Steps.Length; step++)
        {
            if (Journey.Steps[step] == "final_review")
            {
                await Assertions.Expect(page.Locator("#field-nationality")).ToHaveValueAsync("Indian");
                await TabToAsync(page, "#field-gd_entry");
                await page.Keyboard.InsertTextAsync("GD 14");
                await TabToAsync(page, "#save-fields");
                await page.Keyboard.PressAsync("Enter");
                await Assertions.Expect(page.Locator(".save-bar")).ToBeHiddenAsync();
            }

            await TabToAsync(page, "#approve");
            await page.Keyboard.PressAsync("Space");
            await desk.ApprovedAsync(step + 1);
        }

        await TabToAsync(page, "#auth-key");
        await page.Keyboard.InsertTextAsync(TestStack.AuthKey);
        await page.Keyboard.PressAsync("Enter");
        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        await TabToAsync(page, "a[href$='/print']");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".sheet")).ToContainTextAsync("GD 14");
        tab.AssertNoComplaint();
    }

    /// <summary>To an element that can be reached and whose focus can be seen.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var pressed = 0; pressed < FurthestElement; pressed++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
                await Assertions.Expect(page.Locator(":focus")).ToBeInViewportAsync();
                return;
            }
        }

        Assert.Fail($"{selector} cannot be reached with Tab.");
    }
}
